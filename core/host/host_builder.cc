#include "cowork/host/host_builder.h"

#include <algorithm>
#include <unordered_set>

#include "absent_loaders.h"
#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {
namespace {

/// An interceptor made of a function.
class FunctionInterceptor final : public Interceptor {
 public:
  FunctionInterceptor(std::string name, std::function<Outcome(Call&, Next)> intercept)
      : name_(std::move(name)), intercept_(std::move(intercept)) {}
  std::string_view name() const noexcept override { return name_; }
  Outcome intercept(Call& call, Next next) override { return intercept_(call, next); }

 private:
  std::string name_;
  std::function<Outcome(Call&, Next)> intercept_;
};

Result<void> check_parts(const HostParts& parts) {
  if (parts.options.home.empty() || parts.options.home.front() != '/') {
    return fail(Error::invalid_argument("the home must be an absolute path, found " + quoted(parts.options.home)));
  }
  std::unordered_set<std::string_view> names;
  for (const auto& operation : parts.operations) {
    if (!names.insert(operation->info().name).second) {
      return fail(Error::invalid_argument("two operations are named " + quoted(operation->info().name)));
    }
  }
  const bool has_policy = std::any_of(parts.members.begin(), parts.members.end(),
                                      [](const ChainMember& member) { return member.phase == Phase::policy; });
  if (!has_policy && !parts.without_policy) {
    return fail(Error::invalid_argument("the policy phase of the chain is empty")
                    .with_why("a host without any policy has to be asked for by name")
                    .with_remedy("add one with use(…, Phase::policy), or call without_policy()"));
  }
  return {};
}

}  // namespace

struct HostBuilder::Parts : HostParts {};

HostBuilder::HostBuilder(HostOptions options) : parts_(std::make_unique<Parts>()) {
  parts_->options = std::move(options);
}
HostBuilder::HostBuilder(HostBuilder&&) noexcept = default;
HostBuilder::~HostBuilder() = default;

HostBuilder& HostBuilder::use(std::shared_ptr<Interceptor> interceptor, Phase phase, std::string source) {
  parts_->members.push_back({std::move(interceptor), phase, std::move(source)});
  return *this;
}

HostBuilder& HostBuilder::use(std::string name, std::function<Outcome(Call&, Next)> intercept, Phase phase) {
  return use(std::make_shared<FunctionInterceptor>(std::move(name), std::move(intercept)), phase);
}

HostBuilder& HostBuilder::add(std::unique_ptr<RegisteredOperation> operation) {
  parts_->operations.push_back(std::move(operation));
  return *this;
}

HostBuilder& HostBuilder::tiers(std::function<std::vector<TierRoot>()> roots) {
  parts_->tiers = std::move(roots);
  return *this;
}

HostBuilder& HostBuilder::pack_source(std::shared_ptr<PackSource> source) {
  parts_->source = std::move(source);
  return *this;
}

HostBuilder& HostBuilder::pack_stager(std::shared_ptr<PackStager> stager) {
  parts_->stager = std::move(stager);
  return *this;
}

HostBuilder& HostBuilder::pack_fetcher(std::shared_ptr<PackFetcher> fetcher) {
  parts_->fetcher = std::move(fetcher);
  return *this;
}

HostBuilder& HostBuilder::code_loader(std::shared_ptr<CodeLoader> loader) {
  parts_->code_loader = std::move(loader);
  return *this;
}

HostBuilder& HostBuilder::pack_registry(std::shared_ptr<PackRegistry> registry) {
  parts_->registry = std::move(registry);
  return *this;
}

HostBuilder& HostBuilder::pack_scaffolder(std::shared_ptr<PackScaffolder> scaffolder) {
  parts_->scaffolder = std::move(scaffolder);
  return *this;
}

HostBuilder& HostBuilder::status_contributor(std::function<void(GetStatus::Reply&)> contributor) {
  parts_->status_contributors.push_back(std::move(contributor));
  return *this;
}

HostBuilder& HostBuilder::on_refresh(std::function<void()> hook) {
  parts_->refresh_hooks.push_back(std::move(hook));
  return *this;
}

HostBuilder& HostBuilder::watch(bool on) {
  parts_->watch = on;
  return *this;
}

HostBuilder& HostBuilder::without_policy() {
  parts_->without_policy = true;
  return *this;
}

Result<PluginHost> HostBuilder::start() {
  HostParts parts = std::move(*parts_);
  std::vector<std::unique_ptr<RegisteredOperation>> all = core_operations();
  for (auto& operation : parts.operations) all.push_back(std::move(operation));
  parts.operations = std::move(all);
  COWORK_TRY(check_parts(parts));
  if (!parts.options.disk) parts.options.disk = make_real_disk();
  if (!parts.options.clock) parts.options.clock = make_real_clock();
  if (!parts.source) parts.source = make_absent_pack_source();
  if (!parts.stager) parts.stager = make_absent_pack_stager();
  if (!parts.fetcher) parts.fetcher = make_absent_pack_fetcher();
  if (!parts.registry) parts.registry = make_absent_pack_registry();
  if (!parts.scaffolder) parts.scaffolder = make_absent_pack_scaffolder();
  auto core = std::make_unique<HostImpl>(std::move(parts));
  COWORK_TRY(core->start());
  return PluginHost(std::move(core));
}

}  // namespace cowork
