#include "publish_pack.h"
#include "stage_pack.h"

namespace cowork::handlers {
namespace {

Result<InstallReply> install(HostImpl& host, AdmittedBase& admitted, const PackOrigin& origin,
                             const InstallOptions& options, std::string_view admitted_name = {}) {
  COWORK_ASSIGN(const auto staged, stage(host, admitted, origin, options));
  COWORK_ASSIGN(
      const AdmissionNotes notes,
      publish(host, admitted,
              {.staged = staged.get(), .source_kind = origin.kind, .source = origin.location, .options = options},
              admitted_name));
  return install_reply(host, *staged, notes);
}

}  // namespace

Result<InstallReply> install_pack(HostImpl& host, Admitted<InstallPack>& admitted) {
  const InstallPack& request = admitted.request();
  const PackOrigin origin = origin_of_path(host, request.path);
  if (origin.kind == "archive") return install(host, admitted, origin, request.options);
  COWORK_TRY(check_pins(origin, request.options));
  // What is here already is judged before anything is copied.
  COWORK_ASSIGN(const ParsedManifest parsed, host.stager().inspect(request.path));
  COWORK_TRY(admit(host, admitted, parsed.manifest, origin.kind));
  COWORK_TRY(check_target(host, admitted.snapshot(), parsed.manifest, request.options));
  return install(host, admitted, origin, request.options, parsed.manifest.name);
}

Result<InstallReply> install_from_git(HostImpl& host, Admitted<InstallPackFromGit>& admitted) {
  return install(host, admitted, {"git", admitted.request().url}, admitted.request().options);
}

Result<InstallReply> install_from_url(HostImpl& host, Admitted<InstallPackFromUrl>& admitted) {
  return install(host, admitted, {"url", admitted.request().url}, admitted.request().options);
}

}  // namespace cowork::handlers
