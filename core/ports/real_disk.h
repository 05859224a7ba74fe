// The process's file system behind the Disk interface.
#pragma once

#include "beneath.h"

namespace cowork::ports {

class RealDisk final : public Disk {
 public:
  explicit RealDisk(Resolver resolver) : resolver_(resolver) {}

  Result<std::shared_ptr<Directory>> open(std::string_view path) const override;
  Result<std::shared_ptr<Directory>> open_or_make(std::string_view path, std::uint32_t mode) override;
  Trust trust_of_directory(std::string_view path) const override;

 private:
  Resolver resolver_;
};

/// `path` without links, "." and ".."; all of it must exist. A text: what it names may change, so open it without
/// links.
Result<std::string> canonical_path(std::string_view path);

}  // namespace cowork::ports
