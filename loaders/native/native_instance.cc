#include "native_instance.h"

#include <fmt/format.h>

#include <exception>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_answers.h"

namespace cowork::loaders {
namespace {

constexpr std::size_t max_log_bytes = 16U << 10U;
constexpr std::size_t max_fault_bytes = 4U << 10U;

std::string copied(const cowork_text& text) {
  return std::string(from_cowork_text(text).substr(0, max_fault_bytes));
}

/// Where the answer goes. What can't be kept makes the call fail: these functions never throw through the pack.
struct Collector {
  PackAnswer& answer;
  bool failed = false;  // fail() was called
  bool overflowed = false;

  static void append(void* context, const char* data, std::size_t size) noexcept {
    auto& self = *static_cast<Collector*>(context);
    if (size > max_answer_bytes - self.answer.text.size()) self.overflowed = true;
    if (size == 0 || self.overflowed) return;
    try {
      self.answer.text.append(data, size);
    } catch (...) {
      self.overflowed = true;
    }
  }

  static void fail(void* context, const cowork_fault* fault) noexcept {
    auto& self = *static_cast<Collector*>(context);
    self.failed = true;
    if (fault == nullptr) return;
    try {
      self.answer.code = copied(fault->code);
      self.answer.message = copied(fault->message);
      self.answer.why = copied(fault->why);
      self.answer.remedy = copied(fault->remedy);
    } catch (...) {
      self.overflowed = true;
    }
  }

  void settle(std::int32_t status) {
    if (overflowed) {
      answer = {
          PackAnswer::Kind::fault, {}, {}, fmt::format("it answered more than {} bytes", max_answer_bytes), {}, {}};
    } else if (status == COWORK_PACK_REFUSED || (status == COWORK_PACK_OK && failed)) {
      answer.kind = PackAnswer::Kind::refused;
    } else if (status != COWORK_PACK_OK) {
      answer.kind = PackAnswer::Kind::fault;
    }
    if (answer.kind != PackAnswer::Kind::ok && answer.message.empty()) answer.message = "it does not say why";
  }

  void threw(std::string_view what) { answer = {PackAnswer::Kind::fault, {}, {}, std::string(what), {}, {}}; }
};

LogLevel level_of(std::int32_t level) {
  switch (level) {
    case COWORK_PACK_LOG_DEBUG:
      return LogLevel::debug;
    case COWORK_PACK_LOG_INFO:
      return LogLevel::info;
    case COWORK_PACK_LOG_ERROR:
      return LogLevel::error;
    default:
      return LogLevel::warning;
  }
}

}  // namespace

cowork_text to_cowork_text(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

std::string_view from_cowork_text(const cowork_text& text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

PackAnswer ask_pack(std::int32_t (*function)(const void* context, const cowork_reply&), const void* context) {
  PackAnswer answer;
  Collector collector{answer};
  const cowork_reply reply{sizeof reply, &collector, &Collector::append, &Collector::fail};
  try {
    collector.settle(function(context, reply));
  } catch (const std::exception& exception) {
    collector.threw(exception.what());
  } catch (...) {
    collector.threw("it threw something that is no std::exception");
  }
  return answer;
}

NativeInstance::NativeInstance(const cowork_pack_table& table, PackSurroundings surroundings)
    : table_(table),
      surroundings_(std::move(surroundings)),
      host_{sizeof host_,
            COWORK_PACK_API_VERSION,
            this,
            to_cowork_text(surroundings_.host_version),
            to_cowork_text(surroundings_.pack),
            to_cowork_text(surroundings_.configuration),
            &log_of_pack,
            &data_directory_of_pack} {}

Result<std::shared_ptr<NativeInstance>> NativeInstance::start(const cowork_pack_table& table,
                                                              PackSurroundings surroundings) {
  std::shared_ptr<NativeInstance> instance(new NativeInstance(table, std::move(surroundings)));
  const PackAnswer answer =
      ask_pack([&](const cowork_reply& reply) { return table.start(&instance->host_, &instance->pack_, &reply); });
  if (answer.kind != PackAnswer::Kind::ok) {
    return fail(Error::internal(fmt::format("pack {} did not start: {}", quoted(instance->name()), answer.message))
                    .with_why(answer.why)
                    .with_remedy(answer.remedy));
  }
  instance->started_ = true;
  return instance;
}

NativeInstance::~NativeInstance() {
  if (!started_) return;
  const PackAnswer answer = ask_pack([&](const cowork_reply&) -> std::int32_t {
    table_.stop(pack_);
    return COWORK_PACK_OK;
  });
  if (answer.kind != PackAnswer::Kind::ok) log(LogLevel::warning, "its stop failed: " + answer.message);
}

void NativeInstance::log(LogLevel level, std::string_view message) const {
  if (surroundings_.log) surroundings_.log->write(level, surroundings_.pack, message);
}

void NativeInstance::log_of_pack(void* context, std::int32_t level, cowork_text message) noexcept {
  try {
    static_cast<const NativeInstance*>(context)->log(level_of(level),
                                                     from_cowork_text(message).substr(0, max_log_bytes));
  } catch (...) {
    // There is nobody left to tell.
  }
}

std::int32_t NativeInstance::data_directory_of_pack(void* context, const cowork_reply* reply) noexcept {
  try {
    const auto directory = static_cast<const NativeInstance*>(context)->surroundings_.data_directory();
    if (directory) {
      reply->append(reply->context, directory->data(), directory->size());
      return COWORK_PACK_OK;
    }
    const std::string why = directory.error().why();
    cowork_fault fault{};
    fault.struct_size = sizeof fault;
    fault.code = to_cowork_text(to_string(directory.error().code()));
    fault.message = to_cowork_text(directory.error().message());
    fault.why = to_cowork_text(why);
    reply->fail(reply->context, &fault);
    return COWORK_PACK_REFUSED;
  } catch (...) {
    return COWORK_PACK_FAULT;
  }
}

}  // namespace cowork::loaders
