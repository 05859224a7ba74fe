// docs/writing-a-native-pack.md: a pack that brings an interceptor.
// [native-interceptor]
#include <cowork/native/pack.h>

#include <filesystem>

namespace native = cowork::native;

/// While there is a file `freeze` in its data directory, no pack may be installed.
class Freeze final : public native::Pack {
 public:
  explicit Freeze(const native::Host& host) : native::Pack(host) {
    interceptor(
        {.name = "gate",
         .applies_to = [](std::string_view operation,
                          bool mutates) { return mutates && operation.starts_with("pluginPack:install"); },
         .judge = [this](const native::Operation& operation) { return judge(operation); },
         .intercept = [this](const native::Operation& operation, const native::Next& next) { watch(operation, next); },
         .revision = [this]() -> std::uint64_t { return frozen() ? 2 : 1; }});
  }

 private:
  bool frozen() const { return std::filesystem::exists(data_directory() + "/freeze"); }

  /// By the revision, not by the file: all packs of a list get the answer of one moment.
  std::optional<native::Refusal> judge(const native::Operation& operation) const {
    if (operation.revision() != 2) return std::nullopt;
    return native::Refusal{.message = "Nothing is installed until the release is out",
                           .why = data_directory() + "/freeze exists",
                           .remedy = "wait for the release, or remove that file"};
  }

  void watch(const native::Operation& operation, const native::Next& next) const {
    const native::Outcome outcome = next();
    if (!outcome.ok) log(native::Level::warning, std::string(operation.subject_id()) + ": " + outcome.message);
  }
};

COWORK_PACK(Freeze)
// [/native-interceptor]
