#include "trusted_builtin_source.h"

namespace cowork {
namespace {

class TrustedBuiltinSource final : public PackSource {
 public:
  TrustedBuiltinSource(std::shared_ptr<PackSource> inner, std::function<bool()> machine_policy_exists,
                       std::string standard_directory)
      : inner_(std::move(inner)),
        machine_policy_exists_(std::move(machine_policy_exists)),
        standard_directory_(std::move(standard_directory)) {}

  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots) override {
    std::vector<TierFindings> tiers = inner_->scan(roots);
    if (!machine_policy_exists_()) return tiers;
    for (TierFindings& tier : tiers) {
      if (tier.root.scope == Scope::organization && !tier.trusted) tier.reserved.clear();
      if (tier.root.scope != Scope::builtin) continue;
      if (!tier.trusted && !tier.packs.empty()) distrust(tier);
      if (tier.root.path != standard_directory_) reserve_standard_ids(tier);
    }
    return tiers;
  }
  std::uint64_t fingerprint(const std::vector<TierRoot>& roots) override {
    return inner_->fingerprint(roots) ^ (machine_policy_exists_() ? 1u : 0u);
  }
  Result<ParsedManifest> read_again(const PackRecord& record) override { return inner_->read_again(record); }
  Result<Skill> read_skill(const PackRecord& record, std::string_view skill_id) override {
    return inner_->read_skill(record, skill_id);
  }
  Result<std::string> tree_sha256(const PackRecord& record) override { return inner_->tree_sha256(record); }

 private:
  static void distrust(TierFindings& tier) {
    tier.packs.clear();
    tier.readable = false;
    tier.diagnostics.push_back(
        {Severity::error,
         "untrusted-builtin",
         "the builtin tier is not used: under a machine policy it must be a trusted directory, but " +
             tier.untrusted_reason,
         {tier.root.path, 0, 0, {}}});
  }

  void reserve_standard_ids(TierFindings& tier) {
    for (const TierFindings& standard : inner_->scan({{Scope::builtin, standard_directory_, false}})) {
      for (const PackRecord& pack : standard.packs) {
        tier.reserved.push_back(pack.name());
        tier.reserved.push_back(pack.alias);
      }
      tier.reserved.insert(tier.reserved.end(), standard.reserved.begin(), standard.reserved.end());
    }
  }

  std::shared_ptr<PackSource> inner_;
  std::function<bool()> machine_policy_exists_;
  std::string standard_directory_;
};

}  // namespace

std::shared_ptr<PackSource> make_trusted_builtin_source(std::shared_ptr<PackSource> inner,
                                                        std::function<bool()> machine_policy_exists,
                                                        std::string standard_directory) {
  return std::make_shared<TrustedBuiltinSource>(std::move(inner), std::move(machine_policy_exists),
                                                std::move(standard_directory));
}

}  // namespace cowork
