// One request of libcurl: no redirect, no environment, no credentials of others.
#pragma once

#include <chrono>
#include <string>

#include "address.h"
#include "fetched_file.h"
#include "frame_writer.h"
#include "request.h"

namespace cowork::fetch {

struct TransferEnd {
  long status = 0;
  std::string redirect;  ///< absolute; empty: none
};

struct TransferPlan {
  Address address;
  bool may_be_private = false;  ///< the host is one of allow_hosts
  std::string token;            ///< sent as bearer token unless empty
  std::chrono::steady_clock::time_point end;
};

/// Threads: one owner, used once.
class Transfer {
 public:
  Transfer(const Request& request, const TransferPlan& plan, FetchedFile& file, FrameWriter& frames)
      : request_(&request), plan_(&plan), file_(&file), frames_(&frames) {}

  /// The body of a status 200 goes into the file; any other is passed over. Errors: network, timeout, and those of
  /// FetchedFile::append.
  Result<TransferEnd> run();

 private:
  struct Callbacks;
  Result<void> configure();
  Result<void> configure_route();
  Error fault_of(int code) const;

  const Request* request_;
  const TransferPlan* plan_;
  FetchedFile* file_;
  FrameWriter* frames_;
  void* handle_ = nullptr;
  void* headers_ = nullptr;
  std::string curl_message_;
  std::string refused_machine_;
  bool stalled_ = false;
  std::uint64_t header_bytes_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::uint64_t last_seen_ = 0;
  std::chrono::steady_clock::time_point last_byte_{};
  Result<void> written_;
};

}  // namespace cowork::fetch
