#include "publish_pack.h"

namespace cowork::handlers {
namespace {

InstallReply reply_of(HostImpl& host, const PackManifest& manifest) {
  InstallReply reply;
  reply.pack_name = manifest.name;
  reply.path = host.extensions_directory() + "/" + manifest.name;
  reply.manifest = manifest;
  reply.skill_count = manifest.skills.size();
  reply.agent_count = manifest.agent_roles.size();
  return reply;
}

/// Anything but a directory would have to be unpacked by a fetcher.
bool is_archive(HostImpl& host, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const auto parent = host.disk().open(slash == 0 ? "/" : path.substr(0, slash));
  const auto status = parent ? (*parent)->status(path.substr(slash + 1)) : fail(parent.error());
  return status && status->kind == FileKind::regular;
}

template <Operation Op>
Error no_fetcher(const Op& request) {
  return Error::io("can't fetch " + request.subject().id)
      .with_why("this host was put together without a fetcher, so it has no way to reach git or the web")
      .with_remedy("fetch it yourself, then: cowork pack install DIRECTORY");
}

}  // namespace

Result<InstallReply> install_pack(HostImpl& host, Admitted<InstallPack>& admitted) {
  const InstallPack& request = admitted.request();
  if (is_archive(host, request.path)) return fail(no_fetcher(request));
  COWORK_ASSIGN(const ParsedManifest parsed, host.stager().inspect(request.path));
  COWORK_TRY(admit(host, admitted, parsed.manifest, "directory"));
  COWORK_TRY(check_target(host, admitted.snapshot(), parsed.manifest, request.options));
  if (admitted.dry_run()) {
    COWORK_TRY(admitted.commit([](const Snapshot&) -> Result<void> { return {}; }));
    return reply_of(host, parsed.manifest);
  }
  COWORK_ASSIGN(const auto staged, host.stager().stage_directory(request.path, host.extensions_directory()));
  COWORK_TRY(publish(host, admitted, {staged.get(), "directory", request.path, request.options, true, true},
                     parsed.manifest.name));
  InstallReply reply = reply_of(host, staged->manifest());
  reply.sha256 = staged->sha256();
  reply.tree_sha256 = staged->tree_sha256();
  return reply;
}

Result<InstallReply> install_from_git(HostImpl&, Admitted<InstallPackFromGit>& admitted) {
  return fail(no_fetcher(admitted.request()));
}

Result<InstallReply> install_from_url(HostImpl&, Admitted<InstallPackFromUrl>& admitted) {
  return fail(no_fetcher(admitted.request()));
}

}  // namespace cowork::handlers
