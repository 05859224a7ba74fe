// docs/writing-an-interceptor.md: an operation of the application's own, end to end.
#include "cowork/operation/parameters.h"
#include "expect.h"

namespace {

// [operation]
/// Keeps one line of text beside a pack. Errors: not-found, io.
struct SetNote {
  std::string pack_name;  // or an alias
  std::string text;
  struct Reply {
    std::string pack_name;
    std::size_t bytes = 0;
  };
  static constexpr cowork::OperationInfo info{.name = "acme:setNote", .effect = cowork::Effect::mutate};
  cowork::Result<void> validate() const {
    if (!text.empty() && text.find('\n') == std::string::npos) return {};
    return cowork::fail(cowork::Error::invalid_argument("a note is one line of text"));
  }
  cowork::Subject subject() const { return {"pack", pack_name}; }
};
// [/operation]

// [handler]
cowork::Result<SetNote::Reply> set_note(cowork::HostCore& host, cowork::Disk& disk,
                                        cowork::Admitted<SetNote>& admitted) {
  const SetNote& request = admitted.request();
  const cowork::Catalog& catalog = admitted.snapshot().catalog();
  const auto index = catalog.resolve(request.pack_name);
  if (!index) return cowork::fail(cowork::Error::not_found("no pack is named " + request.pack_name));
  const std::string name(catalog[*index].name());
  COWORK_TRY(admitted.commit([&](const cowork::Snapshot&) -> cowork::Result<void> {
    COWORK_ASSIGN(const auto notes, disk.open_or_make(host.home() + "/acme-notes", 0700));
    return notes->replace(name + ".txt", request.text + "\n", 0600);
  }));
  return SetNote::Reply{name, request.text.size()};
}
// [/handler]

// [codec]
cowork::Codec<SetNote> set_note_codec() {
  return {[](const cowork::json::Value& params) -> cowork::Result<SetNote> {
            cowork::Parameters parameters(params, {"packName", "text"});
            SetNote request{parameters.string("packName"), parameters.string("text")};
            COWORK_TRY(parameters.finish());
            return request;
          },
          [](const SetNote::Reply& reply) {
            return cowork::json::Value::object(
                {{"success", true}, {"packName", reply.pack_name}, {"bytes", static_cast<std::uint64_t>(reply.bytes)}});
          }};
}
// [/codec]

std::string content_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

int main() {
  const ScratchDirectory scratch;
  const cowork::StandardHostOptions options = scratch_options(scratch);
  // [register]
  const auto disk = cowork::make_real_disk();
  auto host = cowork::start_standard_host(options, [disk](cowork::HostBuilder& builder) {
    builder.operation<SetNote>(
        [disk](cowork::HostCore& core, cowork::Admitted<SetNote>& admitted) { return set_note(core, *disk, admitted); },
        set_note_codec());
  });
  // [/register]
  expect(host.has_value(), "the host starts");
  // [both-ways]
  const auto typed = host->call(SetNote{"devops", "ask Ada first"});
  const auto by_name = host->call_json("acme:setNote", cowork::json::Value::array({"devops", "ask Grace first"}));
  // [/both-ways]
  expect(typed && typed->pack_name == "devops-pack", "the reply has the pack's name");
  expect(by_name && by_name->find("bytes"), "the same by name");
  expect(content_of(scratch.path("home/acme-notes/devops-pack.txt")) == "ask Grace first\n", "the last note stands");
  expect(!host->call(SetNote{"devops", ""}), "an empty note never reaches the chain");
  const auto unknown = host->call(SetNote{"devopz", "x"});
  expect(!unknown && unknown.error().code() == cowork::ErrorCode::not_found, "an unknown pack is refused");

  cowork::CallOptions dry_run;
  dry_run.dry_run = true;
  expect(host->call(SetNote{"finance", "x"}, dry_run).has_value(), "a dry run succeeds");
  expect(!std::filesystem::exists(scratch.path("home/acme-notes/finance-pack.txt")), "and changes nothing");

  const std::string trail = content_of(scratch.path("home/audit.jsonl"));
  expect(trail.find("\"operation\":\"acme:setNote\"") != std::string::npos, "the audit trail has it");
  std::ofstream(scratch.path("home/policies.json")) << "{\"packs\": []}";
  host->refresh();
  const auto closed = host->call(SetNote{"devops", "x"});
  expect(!closed && closed.error().code() == cowork::ErrorCode::policy_unavailable,
         "a broken policy closes it as well");
}
