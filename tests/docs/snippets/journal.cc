// docs/writing-an-interceptor.md: before_commit, warnings, nested operations.
#include <vector>

#include "expect.h"

namespace {

struct Journal {
  bool writable = true;
  std::vector<std::string> lines;
};

/// Stands for something that is told of changes and may fail.
struct ChatRoom {
  bool open = true;
};

// [journal]
class JournalKeeper final : public cowork::Interceptor {
 public:
  JournalKeeper(Journal& journal, ChatRoom& room) : journal_(journal), room_(room) {}

  std::string_view name() const noexcept override { return "journal"; }
  bool applies_to(const cowork::OperationInfo& info) const override { return info.effect == cowork::Effect::mutate; }

  cowork::Outcome intercept(cowork::Call& call, cowork::Next next) override {
    cowork::Outcome outcome = next(call);
    // The change has happened: an error could not take it back.
    if (outcome.ok() && !room_.open) call.warn("the chat room could not be told of " + std::string(call.info().name));
    return outcome;
  }

  cowork::Result<void> before_commit(const cowork::Call& call) override {
    if (!journal_.writable)
      return cowork::fail(cowork::Error::io("the journal can't be written, so nothing was changed"));
    journal_.lines.push_back(std::string(call.info().name) + " " + call.subject().id);
    return {};
  }

 private:
  Journal& journal_;
  ChatRoom& room_;
};
// [/journal]

}  // namespace

int main() {
  const ScratchDirectory scratch;
  Journal journal;
  ChatRoom room;
  std::vector<std::string> seen;
  // [nested]
  const auto family = [&seen](cowork::Call& call, cowork::Next next) -> cowork::Outcome {
    const std::string nested = call.parent() == 0 ? "" : " inside " + std::to_string(call.parent());
    seen.push_back(std::to_string(call.id()) + " " + std::string(call.info().name) + nested);
    return next(call);
  };
  // [/nested]
  auto host = cowork::start_standard_host(scratch_options(scratch), [&](cowork::HostBuilder& builder) {
    builder.use("family", family, cowork::Phase::observe);
    builder.use(std::make_shared<JournalKeeper>(journal, room));
  });
  expect(host.has_value(), "the host starts");

  room.open = false;
  // [call]
  std::vector<std::string> warnings;
  cowork::CallOptions call_options;
  call_options.entry = "my-application";
  call_options.warnings = &warnings;
  const auto made = host->call(cowork::ScaffoldPack{.name = "triage", .display_name = "Triage"}, call_options);
  // [/call]
  expect(made.has_value(), "a warning is no error");
  expect(warnings == std::vector<std::string>{"the chat room could not be told of pluginPack:scaffold"}, "it is told");
  expect(journal.lines == std::vector<std::string>{"pluginPack:scaffold triage"}, "the journal has the change");
  const std::vector<std::string> expected = {"1 pluginPack:scaffold", "2 pack:admit inside 1",
                                             "3 pack:activate inside 1"};
  expect(seen == expected, "nested operations run through the chain, with their parent's id");

  journal.writable = false;
  const auto refused = host->toggle("triage", false);
  expect(!refused && refused.error().code() == cowork::ErrorCode::io, "without a journal nothing changes");
  const auto triage = host->get("triage");
  expect(triage && *triage && (*triage)->enabled(), "the pack is as it was");
}
