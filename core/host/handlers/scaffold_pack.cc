#include "publish_pack.h"

namespace cowork::handlers {

Result<ScaffoldPack::Reply> scaffold_pack(HostImpl& host, Admitted<ScaffoldPack>& admitted) {
  const ScaffoldPack& request = admitted.request();
  const bool in_extensions = request.into.empty();
  const std::string target = in_extensions ? host.extensions_directory() : request.into;
  COWORK_ASSIGN(const std::vector<FileToWrite> files, host.scaffolder().files(request));
  ScaffoldPack::Reply reply{target + "/" + request.name, {}};
  for (const FileToWrite& file : files) reply.files_created.push_back(file.path);
  PackManifest named;
  named.name = request.name;
  named.version = "0.1.0";
  COWORK_TRY(admit(host, admitted, named, "scaffold"));
  if (in_extensions) COWORK_TRY(check_target(host, admitted.snapshot(), named, {}));
  if (admitted.dry_run()) {
    COWORK_TRY(admitted.commit([](const Snapshot&) -> Result<void> { return {}; }));
    return reply;
  }
  COWORK_ASSIGN(const auto staged, host.stager().stage_files(files, target));
  COWORK_TRY(publish(host, admitted,
                     {.staged = staged.get(),
                      .source_kind = "scaffold",
                      .source = {},
                      .options = {},
                      .recorded = false,
                      .in_extensions = in_extensions},
                     request.name));
  return reply;
}

}  // namespace cowork::handlers
