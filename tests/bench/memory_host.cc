#include "memory_host.h"

#include "cowork/admin_policy/admin_policy.h"
#include "cowork/content_scan/content_scan.h"
#include "cowork/loaders/pack_source.h"
#include "cowork/ports/memory_disk.h"
#include "generated_packs.h"

namespace cowork::bench {
namespace {

class Idle final : public Interceptor {
 public:
  Idle(std::size_t number, bool is_meant) : name_("idle-" + std::to_string(number)), is_meant_(is_meant) {}
  std::string_view name() const noexcept override { return name_; }
  bool applies_to(const OperationInfo&) const override { return is_meant_; }

 private:
  std::string name_;
  bool is_meant_;
};

}  // namespace

std::shared_ptr<const Catalog> discovered(PackSource& source, const std::string& tier) {
  return Catalog::build(source.scan({{Scope::builtin, tier, true}}, nullptr), nullptr);
}

std::shared_ptr<PluginHost> memory_host(std::size_t packs, const std::string& policy) {
  const auto disk = std::make_shared<MemoryDisk>();
  for (std::size_t i = 0; i < packs; ++i)
    disk->plant_file("/packs/" + pack_name(i) + "/" + std::string(manifest_file_name),
                     manifest_text(i, PackSize::small));
  if (!policy.empty()) disk->plant_file("/home/policies.json", policy);
  HostOptions options;
  options.home = "/home";
  options.disk = disk;
  options.clock = make_real_clock();
  const auto admin = admin_policy::AdminPolicy::make({disk, options.clock, options.home, {}});
  HostBuilder builder(options);
  builder.tiers([] {
           return std::vector<TierRoot>{{Scope::builtin, "/packs", true}};
         })
      .pack_source(loaders::make_directory_pack_source(disk))
      .use(admin->interceptor(), Phase::policy, "host")
      .use(content_scan::make_content_scan(options.clock), Phase::policy, "host");
  admin->register_operations(builder);
  return std::make_shared<PluginHost>(value_of(builder.start()));
}

std::string policy_text(std::size_t ids, int variant) {
  std::string allowed, blocked;
  for (std::size_t i = 0; i < ids; ++i) {
    const char* const separator = i == 0 ? "\"" : ", \"";
    allowed.append(separator).append(pack_name(i)).append("\"");
    blocked.append(separator).append(i % 10 == 0 ? "" : "gone-").append(pack_name(i)).append("\"");
  }
  const std::string last = (ids == 0 ? "\"variant-" : ", \"variant-") + std::to_string(variant) + "\"";
  return R"({"version": 1, "packs": {"allowed": [)" + allowed + R"(], "blocked": [)" + blocked + last + "]}}\n";
}

std::shared_ptr<PluginHost> idle_host(std::size_t interceptors, bool is_meant) {
  HostOptions options;
  options.home = "/home/u";
  options.disk = std::make_shared<MemoryDisk>();
  HostBuilder builder(options);
  builder.without_policy();
  for (std::size_t i = 0; i < interceptors; ++i) builder.use(std::make_shared<Idle>(i, is_meant));
  builder.operation<Nothing>(
      [](HostCore&, Admitted<Nothing>&) -> Result<Nothing::Reply> { return Nothing::Reply{42}; });
  return std::make_shared<PluginHost>(value_of(builder.start()));
}

}  // namespace cowork::bench
