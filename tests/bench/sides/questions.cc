// Questions to a host that has its packs.
//
// The baseline of a list is the load of a shared_ptr that others may exchange meanwhile: no reader of an immutable
// snapshot can do with less. That of its JSON is RapidJSON's Writer over a document that is parsed already, into a
// buffer that is used again.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <atomic>

#include "hosts.h"
#include "sides.h"

namespace cowork::bench {
namespace {

Measure loading_a_pointer() {
  const auto pointer = std::make_shared<std::atomic<std::shared_ptr<const int>>>(std::make_shared<const int>(1));
  return [pointer](const Stopwatch& stopwatch) {
    return stopwatch.time([&] { return pointer->load(std::memory_order_acquire); });
  };
}

std::string list_text(PluginHost& host) {
  std::string text;
  const auto done = host.call_text("pluginPack:list", {}, {}, text);
  if (!done) throw std::runtime_error(done.error().message());
  return text;
}

Measure writing(const std::string& text) {
  const auto document = std::make_shared<rapidjson::Document>();
  document->Parse(text.data(), text.size());
  const auto buffer = std::make_shared<rapidjson::StringBuffer>();
  return [document, buffer](const Stopwatch& stopwatch) {
    return stopwatch.time([&] {
      buffer->Clear();
      rapidjson::Writer<rapidjson::StringBuffer> writer(*buffer);
      document->Accept(writer);
      return buffer->GetSize();
    });
  };
}

}  // namespace

Sides list(std::size_t packs) {
  const auto host = standard_host(tier_of(packs, PackSize::small));
  return {[host](const Stopwatch& stopwatch) { return stopwatch.time([&] { return host->list(); }); },
          loading_a_pointer()};
}

Sides list_after_change(std::size_t packs) {
  const auto host = memory_host(packs, {});
  return {[host, enabled = false](const Stopwatch& stopwatch) mutable {
    return stopwatch.time_by_itself([&] {
      value_of(host->toggle(pack_name(7), enabled));
      enabled = !enabled;
      return seconds_of([&] { benchmark::DoNotOptimize(value_of(host->list()).size()); });
    });
  }};
}

Sides list_to_json(std::size_t packs) {
  const auto host = standard_host(tier_of(packs, PackSize::small));
  const auto text = std::make_shared<std::string>(list_text(*host));
  return {[host, text](const Stopwatch& stopwatch) {
            return stopwatch.time([&] {
              text->clear();
              if (!host->call_text("pluginPack:list", {}, {}, *text)) throw std::runtime_error("no list");
              return text->size();
            });
          },
          writing(*text)};
}

Sides get_pack(std::size_t packs) {
  const auto host = standard_host(tier_of(packs, PackSize::small));
  return {[host, name = pack_name(packs / 2)](const Stopwatch& stopwatch) {
            return stopwatch.time([&] { return host->get(name); });
          },
          loading_a_pointer()};
}

}  // namespace cowork::bench
