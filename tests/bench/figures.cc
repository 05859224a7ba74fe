#include "figures.h"

#include <stdexcept>

#include "sides/sides.h"

namespace cowork::bench {
namespace {

constexpr PackSize small = PackSize::small;
constexpr PackSize real = PackSize::real;

Target ratio(double most) {
  return {Aim::ratio, most};
}
Target value(double most) {
  return {Aim::value, most};
}
Target excess(double most) {
  return {Aim::excess, most};
}
constexpr Target reported{};

/// What a difference of two medians, divided by 64, can't tell from nothing.
constexpr double no_time_ns = 0.1;

// Programs of their own, where their Debian packages are installed.
#ifdef COWORK_PEER_CLASS_LOADER
constexpr const char* peer_class_loader = COWORK_PEER_CLASS_LOADER;
#else
constexpr const char* peer_class_loader = nullptr;
#endif
#ifdef COWORK_PEER_QT
constexpr const char* peer_qt = COWORK_PEER_QT;
#else
constexpr const char* peer_qt = nullptr;
#endif

Sides installed_peer(const char* program) {
  if (program == nullptr) throw std::runtime_error("its Debian package is not installed");
  return peer_load(std::string(program));
}

std::vector<Figure> figures_of_packs() {
  const char* const reading = "open+fstat+read+close of each, one thread";
  return {
      {"discovery, 10,000 small packs", reading, ratio(1.2), [] { return discovery(10'000, small); }},
      {"discovery, 1,000 real-size packs", reading, ratio(2.5), [] { return discovery(1'000, real); }},
      {"opening a standard host, 10,000 small packs", reading, reported, [] { return opening(10'000, small); }},
      {"rescan, nothing changed, 10,000 packs", "fstatat of each", ratio(1.5), [] { return rescan(10'000, 0); }},
      {"rescan, one pack changed, 10,000 packs", "fstatat of each", ratio(1.5), [] { return rescan(10'000, 1); }},
      {"discovery, 100,000 small packs", "ours, 10,000", ratio(11), [] { return more_discovery(100'000, 10'000); }},
      {"private memory a pack, 10,000 small",
       {},
       value(512),
       [] { return private_memory(10'000, small); },
       Unit::bytes},
      {"private memory a pack, 1,000 real-size",
       {},
       value(6 * 1024),
       [] { return private_memory(1'000, real); },
       Unit::bytes},
  };
}

std::vector<Figure> figures_of_questions() {
  const char* const loading = "loading a shared_ptr atomically";
  const char* const sets = "two look-ups in hash sets";
  return {
      {"list of 10,000 packs, nothing changed", loading, ratio(4), [] { return list(10'000); }},
      {"list of 10,000 packs after a toggle", {}, reported, [] { return list_after_change(10'000); }},
      {"get one of 10,000 packs", loading, reported, [] { return get_pack(10'000); }},
      {"list to JSON, 10,000 packs", "RapidJSON Writer, ready DOM", ratio(0.5), [] { return list_to_json(10'000); }},
      {"verdict of a toggle, 10,000-entry lists", sets, value(250), [] { return toggle_verdict(10'000); }},
      {"the same explained, from JSON", sets, reported, [] { return explained_toggle(10'000); }},
      {"a hop through an idle interceptor", "a virtual call", value(5), [] { return hop(true); }},
      {"a hop not meant for the operation", {}, value(no_time_ns), [] { return hop(false); }},
      {"policy of 100,000 ids: parse to swap", "RapidJSON DOM parse", ratio(2), [] { return policy_change(100'000); }},
  };
}

std::vector<Figure> figures_of_native_packs() {
  const char* const raw = "raw dlopen + reading the tag";
  const char* const of_plugin = "raw dlopen of its plugin";
  std::vector<Figure> figures{
      {"native pack: load, create, call, unload", raw, ratio(1.1), native_load},
      {"native pack verified by hash", "raw dlopen + hash and copy", ratio(1.2), verified_native_load},
  };
  figures.push_back(
      {"  peer: ROS class_loader", of_plugin, reported, [] { return installed_peer(peer_class_loader); }});
  figures.push_back({"  peer: QPluginLoader", of_plugin, reported, [] { return installed_peer(peer_qt); }});
  figures.push_back({"call of a tool in process", "function pointer", excess(100), tool_call});
  figures.push_back({"call of a tool, isolated", "socket-pair round trip", ratio(1.5), isolated_tool_call});
  return figures;
}

std::vector<Figure> figures_of_programs() {
  const char* const cat = "cat of the same manifests";
  return {
      {"cowork pack list --json, the corpus", cat, ratio(3), command_list},
      {"the same, 1,000 real-size packs", cat, reported, [] { return command_list_of(1'000, real); }},
      {"durable toggle, audited", "file+fsync+rename+fsync", ratio(1.7), durable_toggle},
      {"a line of the audit trail", "append+fdatasync", reported, audit_line},
  };
}

}  // namespace

std::vector<Figure> all_figures() {
  std::vector<Figure> all;
  for (auto part : {figures_of_packs, figures_of_questions, figures_of_native_packs, figures_of_programs}) {
    for (Figure& figure : part()) all.push_back(std::move(figure));
  }
  return all;
}

std::vector<Curve> all_curves() {
  const std::vector<std::size_t> packs{10, 100, 1'000, 10'000, 100'000};
  const std::vector<std::size_t> interceptors{0, 1, 2, 4, 8, 16, 32, 64};
  const std::vector<std::size_t> ids{0, 10, 100, 1'000, 10'000, 100'000};
  const auto of_small = [](Sides (*sides)(std::size_t, PackSize)) {
    return [sides](std::size_t count) { return sides(count, PackSize::small); };
  };
  return {
      {"discovery", "packs", "open+fstat+read+close", packs, of_small(discovery)},
      {"opening a host", "packs", "open+fstat+read+close", packs, of_small(opening)},
      {"rescan, nothing changed", "packs", "fstatat", packs, [](std::size_t count) { return rescan(count, 0); }},
      {"private memory a pack", "packs", {}, packs, of_small(private_memory), Unit::bytes},
      {"list, nothing changed", "packs", "loading a shared_ptr atomically", packs, list},
      {"list to JSON", "packs", "RapidJSON Writer", packs, list_to_json},
      {"get one pack", "packs", "loading a shared_ptr atomically", packs, get_pack},
      {"a call through interceptors", "interceptors", "virtual calls", interceptors, call_through},
      {"verdict of a toggle", "ids in each list", "two look-ups in hash sets", ids, toggle_verdict},
      {"change of the policy", "ids", "RapidJSON DOM parse", ids, policy_change},
  };
}

}  // namespace cowork::bench
