// The sample pack text-tools, as discovery finds it.
#pragma once

#include "cowork/loaders/native_loader.h"
#include "cowork/loaders/pack_source.h"
#include "hosts.h"
#include "scratch.h"

namespace cowork::bench {

inline constexpr std::string_view tool_name = "slugify";
inline std::string tool_text() {
  return R"({"text":"What changed, and why"})";
}
inline json::Value tool_input() {
  return json::Value::object({{"text", "What changed, and why"}});
}

class NativeFixture {
 public:
  static constexpr const char* name = "text-tools";
  static std::string pack_path() { return std::string(COWORK_NATIVE_PACKS) + "/" + name; }
  static std::string manifest_path() { return pack_path() + "/" + std::string(manifest_file_name); }
  static std::string library_path() { return pack_path() + "/lib/libtext-tools.so"; }

  NativeFixture() {
    const auto source = loaders::make_directory_pack_source(make_real_disk());
    catalog_ = discovered(*source, COWORK_NATIVE_PACKS);
    if (!catalog_->find(name)) throw std::runtime_error("the sample pack text-tools is missing");
  }

  const PackRecord& record() const { return (*catalog_)[*catalog_->find(name)]; }
  const std::string& home() const { return home_; }
  std::shared_ptr<CodeLoader> loader() const {
    return loaders::make_native_loader(
        {make_real_disk(), nullptr, home_, "1.0.0", [](const TierStatus&) { return true; }});
  }

 private:
  std::shared_ptr<const Catalog> catalog_;
  std::string home_ = new_directory("home");
};

}  // namespace cowork::bench
