#include "stage_pack.h"

namespace cowork::handlers {
namespace {

FetchRequest::Kind fetch_kind(std::string_view kind) {
  if (kind == "git") return FetchRequest::Kind::git;
  return kind == "archive" ? FetchRequest::Kind::archive : FetchRequest::Kind::url;
}

void tell_progress(HostImpl& host, const Call& call, const FetchProgress& progress) {
  json::Value data = json::Value::object({{"operation", call.info().name},
                                          {"subject", call.subject().id},
                                          {"phase", progress.phase},
                                          {"bytes", progress.bytes}});
  if (progress.total > 0) data.set("total", progress.total);
  host.emit({"install-progress", std::move(data)});
}

}  // namespace

Result<void> check_pins(const PackOrigin& origin, const InstallOptions& options) {
  if (!options.ref.empty() && origin.kind != "git") {
    return fail(Error::invalid_argument("ref names a branch, tag or commit of a repository")
                    .with_why(masked_address(origin.location) + " is none (" + origin.kind + ")"));
  }
  if (!options.sha256.empty() && origin.kind == "directory") {
    return fail(Error::invalid_argument("sha256 is for what is fetched, or comes in an archive")
                    .with_why(origin.location + " is a directory of this machine"));
  }
  return {};
}

PackOrigin origin_of_path(HostImpl& host, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const auto parent = host.disk().open(slash == 0 ? "/" : path.substr(0, slash));
  const auto status = parent ? (*parent)->status(path.substr(slash + 1)) : fail(parent.error());
  return {status && status->kind == FileKind::regular ? "archive" : "directory", path};
}

Result<std::unique_ptr<StagedPack>> stage(HostImpl& host, AdmittedBase& admitted, const PackOrigin& origin,
                                          const InstallOptions& options) {
  COWORK_TRY(check_pins(origin, options));
  const Call& call = admitted.call();
  std::string target = host.extensions_directory();
  if (admitted.dry_run()) {
    COWORK_ASSIGN(target, host.temporary_directory());
  }
  if (origin.kind == "directory") {
    tell_progress(host, call, {"copy", 0, 0});
    return host.stager().stage_directory(origin.location, target);
  }
  const FetchRequest request{fetch_kind(origin.kind), origin.location, options.ref, options.sha256};
  const FetchControl control{call.options().stop, call.options().deadline,
                             [&](const FetchProgress& progress) { tell_progress(host, call, progress); }};
  return host.stager().stage_fetched(host.fetcher(), request, control, target);
}

InstallReply install_reply(HostImpl& host, const StagedPack& staged, const AdmissionNotes& notes) {
  InstallReply reply;
  reply.manifest = staged.manifest();
  reply.pack_name = reply.manifest.name;
  reply.path = host.extensions_directory() + "/" + reply.pack_name;
  reply.skill_count = reply.manifest.skills.size();
  reply.agent_count = reply.manifest.agent_roles.size();
  reply.sha256 = staged.sha256();
  reply.tree_sha256 = staged.tree_sha256();
  reply.scan = notes.scan;
  return reply;
}

}  // namespace cowork::handlers
