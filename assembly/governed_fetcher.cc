#include "governed_fetcher.h"

namespace cowork {
namespace {

class GovernedFetcher final : public PackFetcher {
 public:
  GovernedFetcher(std::shared_ptr<PackFetcher> open, std::shared_ptr<PackFetcher> governed,
                  std::function<bool()> is_governed)
      : open_(std::move(open)), governed_(std::move(governed)), is_governed_(std::move(is_governed)) {}

  Result<FetchResult> fetch(const FetchRequest& request, std::string_view scratch_directory, TreeWriter& writer,
                            const FetchControl& control) override {
    PackFetcher& fetcher = is_governed_() ? *governed_ : *open_;
    return fetcher.fetch(request, scratch_directory, writer, control);
  }

 private:
  std::shared_ptr<PackFetcher> open_;
  std::shared_ptr<PackFetcher> governed_;
  std::function<bool()> is_governed_;
};

}  // namespace

std::shared_ptr<PackFetcher> make_governed_fetcher(std::shared_ptr<PackFetcher> open,
                                                   std::shared_ptr<PackFetcher> governed,
                                                   std::function<bool()> is_governed) {
  return std::make_shared<GovernedFetcher>(std::move(open), std::move(governed), std::move(is_governed));
}

}  // namespace cowork
