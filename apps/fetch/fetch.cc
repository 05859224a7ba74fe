#include "fetch.h"

#include "ca_file.h"
#include "cowork/base/text.h"
#include "cowork/loaders/fetch_errors.h"
#include "cowork/loaders/fetch_protocol.h"
#include "cowork/operation/install_operations.h"
#include "download.h"
#include "git_fetch.h"
#include "sandbox.h"
#include "token.h"
#include "unpack.h"

namespace cowork::fetch {
namespace {

std::string shown(const Request& request) {
  return quoted(masked_address(request.what.address));
}

SandboxPlan sandbox_plan(const Request& request) {
  const loaders::FetchLimits& limits = request.limits;
  // git stores what it downloads; an archive of tar.gz is unpacked into one file.
  const std::uint64_t file_bytes = request.what.kind == FetchRequest::Kind::git
                                       ? limits.download_bytes
                                       : limits.download_bytes + 2 * limits.unpacked_bytes;
  return {request.scratch, {request.settings.ca_file}, limits.memory_bytes, file_bytes};
}

/// As it came: whoever asked for it reads it.
void send_document(std::string_view bytes, FrameWriter& frames) {
  frames.file(loaders::fetch_protocol::kind_document, bytes.size(), false);
  frames.data(bytes);
}

/// Nothing parses the bytes before they are known to be those that were asked for.
Result<FetchResult> send_file(FetchedFile file, const Request& request, FrameWriter& frames) {
  std::string sha256 = file.sha256();
  if (!request.what.sha256.empty() && sha256 != request.what.sha256)
    return fail(loaders::wrong_hash(request.what, sha256));
  COWORK_ASSIGN(const std::string_view bytes, file.bytes());
  if (request.what.kind == FetchRequest::Kind::document) {
    send_document(bytes, frames);
    return FetchResult{std::move(sha256), {}};
  }
  COWORK_TRY(enter_parser_sandbox());
  if (auto unpacked = unpack(bytes, request, frames); !unpacked)
    return fail(std::move(unpacked).error().prefixed(shown(request)));
  return FetchResult{std::move(sha256), {}};
}

Result<FetchResult> fetch_url(const Request& request, FrameWriter& frames) {
  COWORK_ASSIGN(const std::string token, read_token(request.settings.token_file));
  COWORK_TRY(check_ca_file(request.settings.ca_file));
  COWORK_TRY(enter_sandbox(sandbox_plan(request)));
  COWORK_ASSIGN(FetchedFile file, download(request, token, frames));
  return send_file(std::move(file), request, frames);
}

Result<FetchResult> fetch_archive(const Request& request, FrameWriter& frames) {
  COWORK_ASSIGN(const loaders::Descriptor archive, open_local_archive(request.what.address));
  COWORK_TRY(enter_sandbox(sandbox_plan(request)));
  auto copied = copy_archive(archive.get(), request, frames);
  if (!copied) return fail(std::move(copied).error().prefixed(shown(request)));
  return send_file(std::move(*copied), request, frames);
}

Result<FetchResult> fetch_git(const Request& request, FrameWriter& frames) {
  COWORK_ASSIGN(const std::string token, read_token(request.settings.token_file));
  COWORK_TRY(check_ca_file(request.settings.ca_file));
  COWORK_TRY(enter_sandbox(sandbox_plan(request)));
  COWORK_ASSIGN(const FetchedCommit fetched, fetch_commit(request, token, frames));
  if (auto sent = send_commit(fetched, request, frames); !sent)
    return fail(std::move(sent).error().prefixed(shown(request)));
  return FetchResult{{}, fetched.commit};
}

}  // namespace

Result<FetchResult> run_fetch(const Request& request, FrameWriter& frames) {
  switch (request.what.kind) {
    case FetchRequest::Kind::git:
      return fetch_git(request, frames);
    case FetchRequest::Kind::url:
    case FetchRequest::Kind::document:
      return fetch_url(request, frames);
    case FetchRequest::Kind::archive:
      break;
  }
  return fetch_archive(request, frames);
}

}  // namespace cowork::fetch
