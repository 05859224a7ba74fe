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

  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots, const Catalog* known) override {
    std::vector<TierFindings> tiers = inner_->scan(roots, known);
    if (!machine_policy_exists_()) return tiers;
    for (TierFindings& tier : tiers) {
      if (tier.root.scope == Scope::organization && !tier.trusted) tier.reserved.clear();
      if (tier.root.scope != Scope::builtin) continue;
      if (!tier.trusted && !tier.packs.empty()) distrust(tier);
      if (tier.root.path != standard_directory_) reserve_standard_ids(tier);
    }
    return tiers;
  }
  Result<ParsedManifest> read_again(const PackRecord& record) override { return inner_->read_again(record); }
  Result<Skill> read_skill(const PackRecord& record, std::string_view skill_id) override {
    return inner_->read_skill(record, skill_id);
  }
  Result<std::string> tree_sha256(std::string_view directory) override { return inner_->tree_sha256(directory); }

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
    standard_ =
        Catalog::build(inner_->scan({{Scope::builtin, standard_directory_, false}}, standard_.get()), standard_);
    const std::vector<std::string> ids = standard_->reserved(Scope::builtin);
    tier.reserved.insert(tier.reserved.end(), ids.begin(), ids.end());
  }

  std::shared_ptr<PackSource> inner_;
  std::function<bool()> machine_policy_exists_;
  std::string standard_directory_;
  std::shared_ptr<const Catalog> standard_;  ///< of that directory, as it was scanned last
};

}  // namespace

std::shared_ptr<PackSource> make_trusted_builtin_source(std::shared_ptr<PackSource> inner,
                                                        std::function<bool()> machine_policy_exists,
                                                        std::string standard_directory) {
  return std::make_shared<TrustedBuiltinSource>(std::move(inner), std::move(machine_policy_exists),
                                                std::move(standard_directory));
}

}  // namespace cowork
