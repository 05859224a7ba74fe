#include "cowork/loaders/fetcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"
#include "fetch_process.h"
#include "fetch_request.h"
#include "process_end.h"
#include "tree_frames.h"

namespace cowork::loaders {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_errors_kept = 4096;

/// Becomes readable when the stop was asked for.
class StopSignal {
 public:
  explicit StopSignal(const std::stop_token& stop)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(stop, Ring{event_.get()}) {}
  int descriptor() const noexcept { return event_.get(); }

 private:
  struct Ring {
    int event;
    // An eventfd takes 8 bytes whole; it can't be full.
    void operator()() const noexcept { static_cast<void>(::eventfd_write(event, 1)); }
  };
  Descriptor event_;
  std::stop_callback<Ring> callback_;
};

/// One fetch: the child and the clocks.
class Fetch {
 public:
  Fetch(const FetchRequest& request, const FetchLimits& limits, TreeWriter& writer, const FetchControl& control,
        FetchProcess child, std::string document)
      : request_(request),
        limits_(limits),
        control_(control),
        child_(std::move(child)),
        document_(std::move(document)),
        frames_(request, limits, writer, control),
        reader_(frames_),
        stop_(control.stop),
        total_end_(Clock::now() + limits.total) {
    heard();
  }

  Result<FetchResult> run() {
    if (stop_.descriptor() < 0) return fail(Error::io("cannot make an event for cancelling a fetch"));
    while (child_.output.is_open() && !reader_.is_done()) {
      COWORK_TRY(wait());
      write_request();
      keep_errors();
      COWORK_TRY(read_frames());
    }
    const int status = child_.end();
    if (!reader_.is_done()) return fail(ended_without_answer(status, errors_));
    return frames_.take_result();
  }

 private:
  // The program itself tells of a stall on the network; only when it falls silent is this the first to know.
  void heard() { silence_end_ = Clock::now() + 2 * limits_.stall; }

  Result<void> check_clocks() const {
    if (control_.stop.stop_requested())
      return fail(Error(ErrorCode::cancelled, fmt::format("fetching {} was cancelled", shown())));
    const auto now = Clock::now();
    if (control_.deadline && now >= *control_.deadline)
      return fail(Error(ErrorCode::timeout, fmt::format("fetching {} did not end before the deadline", shown())));
    if (now >= total_end_)
      return fail(
          Error(ErrorCode::timeout, fmt::format("fetching {} took longer than {} ms", shown(), limits_.total.count())));
    if (now >= silence_end_)
      return fail(Error(ErrorCode::timeout, fmt::format("the fetch program said nothing for {} ms while fetching {}",
                                                        2 * limits_.stall.count(), shown())));
    return {};
  }

  /// Until something can be read or written, or a clock has run out.
  Result<void> wait() {
    COWORK_TRY(check_clocks());
    auto end = std::min(total_end_, silence_end_);
    if (control_.deadline) end = std::min(end, *control_.deadline);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    // Closed descriptors are -1, which poll passes over.
    std::array<pollfd, 4> polled{{{child_.output.get(), POLLIN, 0},
                                  {child_.errors.get(), POLLIN, 0},
                                  {child_.input.get(), POLLOUT, 0},
                                  {stop_.descriptor(), POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000))) < 0 &&
        errno != EINTR)
      return fail(Error::from_errno(errno, "wait for the fetch program"));
    return check_clocks();
  }

  void write_request() {
    if (!child_.input.is_open()) return;
    const ssize_t written = ::send(child_.input.get(), document_.data(), document_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written > 0) document_.erase(0, static_cast<std::size_t>(written));
    const bool later = written < 0 && (errno == EAGAIN || errno == EINTR);
    // A child that does not read to the end will say why, or end.
    if (document_.empty() || (written < 0 && !later)) child_.input.close();
  }

  void keep_errors() {
    std::array<char, 4096> buffer;
    while (child_.errors.is_open()) {
      const ssize_t got = ::read(child_.errors.get(), buffer.data(), buffer.size());
      if (got < 0) return;
      if (got == 0) return child_.errors.close();
      errors_.append(buffer.data(), static_cast<std::size_t>(got));
      if (errors_.size() > most_errors_kept) errors_.erase(0, errors_.size() - most_errors_kept);
    }
  }

  Result<void> read_frames() {
    std::array<char, 64 * 1024> buffer;
    const ssize_t got = ::read(child_.output.get(), buffer.data(), buffer.size());
    if (got < 0) {
      if (errno == EAGAIN || errno == EINTR) return {};
      return fail(Error::from_errno(errno, "read from the fetch program"));
    }
    if (got == 0) {
      keep_errors();
      child_.output.close();
      return {};
    }
    COWORK_TRY(reader_.feed({buffer.data(), static_cast<std::size_t>(got)}));
    heard();  // after the writer, who may have taken his time
    return {};
  }

  std::string shown() const { return quoted(masked_address(request_.address)); }

  const FetchRequest& request_;
  const FetchLimits& limits_;
  const FetchControl& control_;
  FetchProcess child_;
  std::string document_;  // what is left to write of it
  TreeFrames frames_;
  FrameReader reader_;
  StopSignal stop_;
  Clock::time_point total_end_;
  Clock::time_point silence_end_;
  std::string errors_;
};

class ProgramFetcher final : public PackFetcher {
 public:
  explicit ProgramFetcher(FetchOptions options) : options_(std::move(options)) {}

  Result<FetchResult> fetch(const FetchRequest& request, std::string_view scratch_directory, TreeWriter& writer,
                            const FetchControl& control) override {
    COWORK_ASSIGN(std::string document,
                  request_document(request, scratch_directory, options_.settings, options_.limits));
    COWORK_ASSIGN(FetchProcess child, FetchProcess::start(options_.program, std::string(scratch_directory)));
    return Fetch(request, options_.limits, writer, control, std::move(child), std::move(document)).run();
  }

 private:
  FetchOptions options_;
};

}  // namespace

std::shared_ptr<PackFetcher> make_pack_fetcher(FetchOptions options) {
  return std::make_shared<ProgramFetcher>(std::move(options));
}

}  // namespace cowork::loaders
