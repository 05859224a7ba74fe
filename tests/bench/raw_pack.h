// A native pack used by hand, without a host: what can be had for nothing but the dynamic linker's work.
#pragma once

#include <string>
#include <string_view>

#include "cowork/native/pack_api.h"

namespace cowork::bench {

/// Closes its file.
class Descriptor {
 public:
  explicit Descriptor(int number);
  explicit Descriptor(const std::string& path);
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// Loads and starts it; throws std::runtime_error. Stops it, and leaves the library loaded.
class RawPack {
 public:
  RawPack(const std::string& path, const std::string& tag);
  RawPack(const RawPack&) = delete;
  RawPack& operator=(const RawPack&) = delete;
  ~RawPack();

  std::string call(std::string_view tool, std::string_view input);

 private:
  cowork_host host_{};
  const cowork_pack_table* table_ = nullptr;
  void* pack_ = nullptr;
};

}  // namespace cowork::bench
