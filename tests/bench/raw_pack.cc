#include "raw_pack.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

namespace cowork::bench {
namespace {

constexpr std::string_view configuration = R"({"separator":"-","slugLength":60,"secretWords":[]})";

cowork_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

void append(void* context, const char* data, std::size_t size) {
  static_cast<std::string*>(context)->append(data, size);
}

void ignore_fault(void*, const cowork_fault*) {}
void ignore_log(void*, std::int32_t, cowork_text) {}
std::int32_t no_directory(void*, const cowork_reply*) {
  return COWORK_PACK_FAULT;
}
std::int32_t never(void*) {
  return 0;
}

}  // namespace

Descriptor::Descriptor(int number) : number_(number) {
  if (number_ < 0) throw std::runtime_error("no descriptor");
}

Descriptor::Descriptor(const std::string& path) : Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

Descriptor::~Descriptor() {
  ::close(number_);
}

RawPack::RawPack(const std::string& path, const std::string& tag)
    : host_{sizeof host_,          COWORK_PACK_API_VERSION, nullptr,     text_of("1.0.0"),
            text_of("text-tools"), text_of(configuration),  &ignore_log, &no_directory} {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  table_ = static_cast<const cowork_pack_table*>(::dlsym(library, tag.c_str()));
  std::string answer;
  const cowork_reply reply{sizeof reply, &answer, &append, &ignore_fault};
  if (table_ == nullptr || table_->start(&host_, &pack_, &reply) != COWORK_PACK_OK)
    throw std::runtime_error("the pack did not start");
}

RawPack::~RawPack() {
  table_->stop(pack_);
}

std::string RawPack::call(std::string_view tool, std::string_view input) {
  std::string answer;
  const cowork_reply reply{sizeof reply, &answer, &append, &ignore_fault};
  const cowork_tool_call call{sizeof call, nullptr, text_of(tool), text_of(input), &never};
  if (table_->call_tool(pack_, &call, &reply) != COWORK_PACK_OK) throw std::runtime_error("the tool failed");
  return answer;
}

}  // namespace cowork::bench
