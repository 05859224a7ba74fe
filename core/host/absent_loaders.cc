#include "absent_loaders.h"

namespace cowork {
namespace {

Error absent(std::string_view what) {
  return Error::io("this host was put together without a " + std::string(what))
      .with_why("HostBuilder was not given one");
}

class AbsentSource final : public PackSource {
 public:
  std::vector<TierFindings> scan(const std::vector<TierRoot>&, const Catalog*) override { return {}; }
  Result<ParsedManifest> read_again(const PackRecord&) override { return fail(absent("pack source")); }
  Result<Skill> read_skill(const PackRecord&, std::string_view) override { return fail(absent("pack source")); }
  Result<std::string> tree_sha256(std::string_view) override { return fail(absent("pack source")); }
};

class AbsentStager final : public PackStager {
 public:
  Result<std::unique_ptr<StagedPack>> stage_directory(std::string_view, std::string_view) override {
    return fail(absent("pack stager"));
  }
  Result<std::unique_ptr<StagedPack>> stage_files(const std::vector<FileToWrite>&, std::string_view) override {
    return fail(absent("pack stager"));
  }
  Result<std::unique_ptr<StagedPack>> stage_fetched(PackFetcher&, const FetchRequest&, const FetchControl&,
                                                    std::string_view) override {
    return fail(absent("pack stager"));
  }
  Result<ParsedManifest> inspect(std::string_view) override { return fail(absent("pack stager")); }
  Result<void> remove(std::string_view, std::string_view) override { return fail(absent("pack stager")); }
  void sweep(std::string_view) override {}
};

class AbsentFetcher final : public PackFetcher {
 public:
  Result<FetchResult> fetch(const FetchRequest& request, std::string_view, TreeWriter&, const FetchControl&) override {
    return fail(Error::io("can't fetch " + masked_address(request.address))
                    .with_why("this host was put together without a fetcher, so it reaches neither git nor the web and "
                              "unpacks no archives")
                    .with_remedy("fetch it yourself, then: cowork pack install DIRECTORY"));
  }
};

class AbsentRegistry final : public PackRegistry {
 public:
  Result<std::shared_ptr<const RegistryCatalog>> catalog(const RegistryControl&) override {
    return fail(Error::not_found("no pack registry is configured")
                    .with_why("host.json names none")
                    .with_remedy("set \"registry\": {\"url\": \"https://…\"} in host.json"));
  }
  std::vector<Diagnostic> diagnostics() const override { return {}; }
};

class AbsentScaffolder final : public PackScaffolder {
 public:
  Result<std::vector<FileToWrite>> files(const ScaffoldPack&) const override { return fail(absent("pack scaffolder")); }
};

}  // namespace

std::shared_ptr<PackSource> make_absent_pack_source() {
  return std::make_shared<AbsentSource>();
}
std::shared_ptr<PackStager> make_absent_pack_stager() {
  return std::make_shared<AbsentStager>();
}
std::shared_ptr<PackFetcher> make_absent_pack_fetcher() {
  return std::make_shared<AbsentFetcher>();
}
std::shared_ptr<PackRegistry> make_absent_pack_registry() {
  return std::make_shared<AbsentRegistry>();
}
std::shared_ptr<PackScaffolder> make_absent_pack_scaffolder() {
  return std::make_shared<AbsentScaffolder>();
}

}  // namespace cowork
