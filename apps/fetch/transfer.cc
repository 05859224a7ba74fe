#include "transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <memory>

#include "address_rules.h"
#include "answers.h"
#include "ca_file.h"
#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"
#include "cowork/operation/install_operations.h"

namespace cowork::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t most_header_bytes = 64U << 10U;
constexpr long ok = 200;

struct FreeHandle {
  void operator()(void* handle) const noexcept { ::curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
};

/// Notes the first option that this libcurl does not take: without one of them a fetch would be less than it promises.
class Options {
 public:
  explicit Options(CURL* handle) : handle_(handle) {}
  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = ::curl_easy_setopt(handle_, option, value);
    if (fault_ == CURLE_OK) fault_ = code;
  }
  Result<void> check() const {
    if (fault_ == CURLE_OK) return {};
    return fail(Error::io("libcurl does not take an option").with_why(::curl_easy_strerror(fault_)));
  }

 private:
  CURL* handle_;
  CURLcode fault_ = CURLE_OK;
};

long milliseconds_until(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return left > 0 ? static_cast<long>(left) : 1;  // 0 would mean for ever
}

}  // namespace

struct Transfer::Callbacks {
  /// The address that is connected to, whatever the name was or will be resolved to.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.plan_->may_be_private && !is_public(address->addr)) {
      transfer.refused_machine_ = to_text(address->addr);
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static std::size_t header(char*, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.header_bytes_ += size * count;
    return transfer.header_bytes_ <= most_header_bytes ? size * count : 0;
  }

  static std::size_t body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.body_bytes_ += size * count;
    long status = 0;
    ::curl_easy_getinfo(transfer.handle_, CURLINFO_RESPONSE_CODE, &status);
    if (status != ok) return transfer.body_bytes_ <= most_header_bytes ? size * count : 0;
    transfer.written_ = transfer.file_->append({data, size * count});
    return transfer.written_ ? size * count : 0;
  }

  /// Called with every byte, and about once a second without.
  static int progress(void* self, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(self);
    const std::uint64_t seen = static_cast<std::uint64_t>(now) + transfer.header_bytes_;
    if (seen != transfer.last_seen_) {
      transfer.last_seen_ = seen;
      transfer.last_byte_ = Clock::now();
    }
    transfer.frames_->progress(now > 0 ? "download" : "resolve", static_cast<std::uint64_t>(now),
                               static_cast<std::uint64_t>(total));
    transfer.stalled_ = Clock::now() - transfer.last_byte_ >= transfer.request_->limits.stall;
    return transfer.stalled_ ? 1 : 0;
  }
};

Result<void> Transfer::configure() {
  Options options(handle_);
  options.set(CURLOPT_URL, plan_->address.url.c_str());
  options.set(CURLOPT_PROTOCOLS_STR, plan_->address.scheme.c_str());
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(headers_));
  options.set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  options.set(CURLOPT_FRESH_CONNECT, 1L);
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_TIMEOUT_MS, milliseconds_until(plan_->end));
  options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_->limits.stall.count()));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request_->settings.ca_file.empty()) {
    options.set(CURLOPT_CAINFO, request_->settings.ca_file.c_str());
    options.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  options.set(CURLOPT_HEADERFUNCTION, &Callbacks::header);
  options.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  options.set(CURLOPT_WRITEFUNCTION, &Callbacks::body);
  options.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  options.set(CURLOPT_NOPROGRESS, 0L);
  options.set(CURLOPT_XFERINFOFUNCTION, &Callbacks::progress);
  options.set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
  return options.check();
}

Result<void> Transfer::configure_route() {
  Options options(handle_);
  const std::string& proxy = request_->settings.proxy;
  options.set(CURLOPT_PROXY, proxy.c_str());  // empty: none, whatever the environment says
  options.set(CURLOPT_NOPROXY, proxy.empty() ? "*" : "");
  // A proxy is what is connected to then, and it is the one to look up names.
  if (proxy.empty()) {
    options.set(CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open_socket);
    options.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  }
  return options.check();
}

Result<TransferEnd> Transfer::run() {
  const std::unique_ptr<void, FreeHandle> handle(::curl_easy_init());
  if (!handle) return fail(Error::io("libcurl cannot be initialized"));
  std::unique_ptr<curl_slist, FreeList> headers;
  if (!plan_->token.empty())
    headers.reset(::curl_slist_append(nullptr, ("Authorization: Bearer " + plan_->token).c_str()));
  std::array<char, CURL_ERROR_SIZE> message{};
  handle_ = handle.get();
  headers_ = headers.get();
  COWORK_TRY(configure());
  COWORK_TRY(configure_route());
  ::curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, message.data());
  last_byte_ = Clock::now();
  const CURLcode code = ::curl_easy_perform(handle_);
  curl_message_ = message.data();
  TransferEnd end;
  ::curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &end.status);
  // Of a redirect's own body nothing is wanted.
  const bool cut_by_us =
      code == CURLE_WRITE_ERROR && written_ && end.status != ok && header_bytes_ <= most_header_bytes;
  if (code != CURLE_OK && !cut_by_us) return fail(fault_of(code));
  char* redirect = nullptr;
  ::curl_easy_getinfo(handle_, CURLINFO_REDIRECT_URL, &redirect);
  if (redirect) end.redirect = redirect;
  return end;
}

Error Transfer::fault_of(int code) const {
  const std::string shown = quoted(masked_address(plan_->address.url));
  if (!written_) return written_.error();
  if (!refused_machine_.empty()) return not_public(plan_->address, refused_machine_);
  if (Clock::now() >= plan_->end)
    return Error(ErrorCode::timeout,
                 fmt::format("fetching {} took longer than {} ms", shown, request_->limits.total.count()));
  if (stalled_ || code == CURLE_OPERATION_TIMEDOUT)
    return Error(ErrorCode::network,
                 fmt::format("nothing came from {} for {} ms", shown, request_->limits.stall.count()));
  std::string why = curl_message_.empty() ? ::curl_easy_strerror(static_cast<CURLcode>(code)) : curl_message_;
  if (header_bytes_ > most_header_bytes) why = "its headers are too long";
  why = loaders::masked_words(printable(why));
  const std::string& ca_file = request_->settings.ca_file;
  if (code == CURLE_SSL_CACERT_BADFILE && !ca_file.empty()) return unusable_ca_file(ca_file, why);
  Error fault = Error(ErrorCode::network, fmt::format("cannot fetch {}", shown)).with_why(why);
  return is_untrusted(why) ? std::move(fault).with_remedy(trust_remedy()) : fault;
}

}  // namespace cowork::fetch
