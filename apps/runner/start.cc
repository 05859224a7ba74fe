#include "start.h"

#include <malloc.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "cowork/base/text.h"
#include "cowork/loaders/runner_protocol.h"
#include "cowork/sandbox/confinement.h"

namespace cowork::runner {
namespace {

namespace protocol = loaders::runner_protocol;

// Each thread would reserve 64 MiB of the address space that is limited here.
constexpr int most_arenas = 2;

// Libraries, and what the C library reads by itself. No home directory, and of /etc no more than that.
const std::vector<std::string> system_places{
    "/usr", "/lib", "/lib32", "/lib64", "/etc/localtime", "/etc/ld.so.cache", "/proc/self/maps"};

Result<std::string> text(const json::Value& request, std::string_view member) {
  const json::Value* value = request.find(member);
  if (value != nullptr && value->as_string() != nullptr) return *value->as_string();
  return fail(Error::internal("the request of the host has no text " + quoted(member)));
}

Result<std::uint64_t> count(const json::Value& request, std::string_view member) {
  const json::Value* limits = request.find("limits");
  const json::Value* value = limits != nullptr ? limits->find(member) : nullptr;
  const auto number = value != nullptr ? value->as_int64() : std::nullopt;
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  return fail(Error::internal("the request of the host has no limit " + quoted(member)));
}

Result<void> limit(int resource, std::uint64_t most) {
  if (sandbox::limit(resource, most)) return {};
  return fail(Error::io(Error::from_errno(errno, "limit the process of the pack").message())
                  .with_why("an isolated pack runs within its limits or not at all"));
}

/// The signal that names the limit comes first; who goes on is killed.
Result<void> limit_cpu(std::uint64_t seconds) {
  constexpr rlim_t seconds_to_heed_it = 5;
  const rlimit both{seconds, seconds + seconds_to_heed_it};
  if (::setrlimit(RLIMIT_CPU, &both) == 0) return {};
  return limit(RLIMIT_CPU, seconds);  // the host's own limit is lower
}

Result<void> limit_process(const json::Value& request) {
  COWORK_ASSIGN(const std::uint64_t cpu, count(request, "cpuSeconds"));
  COWORK_ASSIGN(const std::uint64_t memory, count(request, "memoryBytes"));
  COWORK_ASSIGN(const std::uint64_t file, count(request, "fileBytes"));
  COWORK_ASSIGN(const std::uint64_t descriptors, count(request, "descriptors"));
  COWORK_TRY(limit(RLIMIT_CORE, 0));
  COWORK_TRY(limit_cpu(cpu));
  COWORK_TRY(limit(RLIMIT_FSIZE, file));
  COWORK_TRY(limit(RLIMIT_NOFILE, descriptors));
  if (sandbox::is_sanitized) return {};
  ::mallopt(M_ARENA_MAX, most_arenas);
  return limit(RLIMIT_AS, memory);
}

Result<void> confine(const json::Value& request, const std::string& data) {
  COWORK_ASSIGN(const std::string directory, text(request, "directory"));
  COWORK_TRY(sandbox::give_up_privileges());
  COWORK_TRY(limit_process(request));
  sandbox::FilePlan files{{}, system_places, {directory}};
  if (!data.empty()) files.writable.push_back(data);
  COWORK_TRY(sandbox::confine_files(files));
  COWORK_TRY(sandbox::refuse_system_calls({.no_processes = true,
                                           .no_connections = true,
                                           .alone = true,
                                           .no_attributes = true,
                                           .no_uncounted_memory = true}));
  return {};
}

}  // namespace

Result<loaders::StartedCode> start_pack(const json::Value& request, std::shared_ptr<Log> log) {
  COWORK_ASSIGN(std::string pack, text(request, "pack"));
  COWORK_ASSIGN(std::string version, text(request, "hostVersion"));
  COWORK_ASSIGN(std::string configuration, text(request, "configuration"));
  COWORK_ASSIGN(const std::string sha256, text(request, "sha256"));
  COWORK_ASSIGN(const std::string shown, text(request, "library"));
  COWORK_ASSIGN(const std::string data, text(request, "data"));
  COWORK_TRY(confine(request, data));
  const auto data_directory = [data]() -> Result<std::string> {
    if (!data.empty()) return data;
    return fail(Error::io("there is no directory for the pack's data").with_why("the host could not make one"));
  };
  return loaders::start_native_code(
      loaders::SealedFile::adopt(protocol::library), sha256, shown,
      {std::move(log), std::move(version), std::move(pack), std::move(configuration), data_directory});
}

}  // namespace cowork::runner
