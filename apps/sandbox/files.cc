// Landlock: what the plan names can be opened, nothing else.
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "cowork/base/text.h"
#include "cowork/loaders/descriptor.h"
#include "cowork/sandbox/confinement.h"

namespace cowork::sandbox {
namespace {

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read = LANDLOCK_ACCESS_FS_EXECUTE | read_file | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t write_file = LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t make_and_remove =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
// Kernels from 5.19 and 6.2 on; <linux/landlock.h> of a build machine may be older than the kernel it runs on.
constexpr std::uint64_t rename_across = 1ULL << 13U;
constexpr std::uint64_t truncate = 1ULL << 14U;
constexpr std::uint64_t scope_signals = 1ULL << 1U;  // 6.12

/// landlock_ruleset_attr as kernels from 6.12 on know it. Others take what they don't know when it is zero.
struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scope = 0;
};

Error not_confined(std::string_view step) {
  const int fault = errno;
  return Error::io("files can't be put out of reach of this program")
      .with_why(Error::from_errno(fault, step).message());
}

class Ruleset {
 public:
  static Result<Ruleset> make(std::uint64_t handled, std::uint64_t scope) {
    const RulesetAttributes attributes{.files = handled, .scope = scope};
    loaders::Descriptor descriptor(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
    if (!descriptor.is_open()) return fail(not_confined("make rules of Landlock"));
    return Ruleset(handled, std::move(descriptor));
  }

  /// A place that does not exist needs no rule.
  Result<void> allow(const std::string& path, std::uint64_t access) {
    const loaders::Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!place.is_open()) return {};
    struct stat status {};
    if (::fstat(place.get(), &status) != 0) return fail(not_confined("look at " + quoted(path)));
    constexpr std::uint64_t for_files = LANDLOCK_ACCESS_FS_EXECUTE | read_file | write_file | truncate;
    if (!S_ISDIR(status.st_mode)) access &= for_files;
    const landlock_path_beneath_attr rule{.allowed_access = access & handled_, .parent_fd = place.get()};
    if (::syscall(SYS_landlock_add_rule, descriptor_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0) return {};
    return fail(not_confined("add a rule of Landlock for " + quoted(path)));
  }

  Result<void> enforce() const {
    if (::syscall(SYS_landlock_restrict_self, descriptor_.get(), 0) == 0) return {};
    return fail(not_confined("enforce the rules of Landlock"));
  }

 private:
  Ruleset(std::uint64_t handled, loaders::Descriptor descriptor)
      : handled_(handled), descriptor_(std::move(descriptor)) {}
  std::uint64_t handled_;
  loaders::Descriptor descriptor_;
};

/// 0: the kernel has no Landlock.
long version_of_kernel() noexcept {
  return std::max(0L, ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
}

std::uint64_t handled_by(long version) noexcept {
  return read | write_file | make_and_remove | (version >= 2 ? rename_across : 0) | (version >= 3 ? truncate : 0);
}

}  // namespace

Result<bool> confine_files(const FilePlan& plan) {
  const long version = version_of_kernel();
  if (version == 0) return false;
  const std::uint64_t handled = handled_by(version);
  COWORK_ASSIGN(Ruleset rules, Ruleset::make(handled, version >= 6 ? scope_signals : 0));
  for (const std::string& path : plan.writable) COWORK_TRY(rules.allow(path, handled));
  COWORK_TRY(rules.allow("/dev/null", read_file | write_file));
  COWORK_TRY(rules.allow("/dev/urandom", read_file));
  COWORK_TRY(rules.allow("/dev/random", read_file));
  for (const std::string& path : plan.programs) COWORK_TRY(rules.allow(path, read));
  for (const std::string& path : plan.readable) {
    if (!path.empty()) COWORK_TRY(rules.allow(path, read_file | LANDLOCK_ACCESS_FS_READ_DIR));
  }
  COWORK_TRY(rules.enforce());
  return true;
}

}  // namespace cowork::sandbox
