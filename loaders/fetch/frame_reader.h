// Bytes of the fetch program's stdout → frames. Private to loaders/fetch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cowork/base/json.h"
#include "cowork/host/fetching.h"

namespace cowork::loaders {

/// What the frames say. An error of any of them ends the reading.
class FrameHandler {
 public:
  virtual ~FrameHandler() = default;
  virtual void on_progress(const FetchProgress& progress) = 0;
  virtual Result<void> on_directory(const std::string& path) = 0;
  /// Before the bytes come: whether they may.
  virtual Result<void> on_file_announced(const std::string& path, std::uint64_t size, bool executable) = 0;
  virtual Result<void> on_file(const std::string& path, std::string_view bytes, bool executable) = 0;
  virtual Result<void> on_done(FetchResult result) = 0;
};

/// Threads: one owner.
class FrameReader {
 public:
  explicit FrameReader(FrameHandler& handler) : handler_(&handler) {}

  /// Takes the next bytes. Errors: what the program says in an `error` frame; io for what is no frame; the handler's.
  Result<void> feed(std::string_view bytes);
  /// After `done`, when nothing more may come.
  bool is_done() const noexcept { return done_; }

 private:
  Result<void> take_line(std::string_view line);
  Result<void> take_frame(std::string_view name, const json::Value& frame);
  Result<void> take_progress(const json::Value& frame);
  Result<void> take_directory(const json::Value& frame);
  Result<void> take_file(const json::Value& frame);
  Result<void> take_done(const json::Value& frame);
  Result<void> finish_file();

  FrameHandler* handler_;
  std::string line_;
  bool in_file_ = false;  // the bytes of file_path_ come now
  std::string file_path_;
  std::string file_bytes_;
  std::uint64_t file_size_ = 0;
  bool file_executable_ = false;
  bool done_ = false;
};

}  // namespace cowork::loaders
