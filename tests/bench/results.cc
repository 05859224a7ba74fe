#include "results.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

namespace cowork::bench {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string now() {
  char text[32];
  const std::time_t time = std::time(nullptr);
  std::strftime(text, sizeof text, "%FT%TZ", std::gmtime(&time));
  return text;
}

json::Value numbers(const std::vector<double>& values) {
  json::Value array = json::Value::array();
  for (const double value : values) array.push_back(value);
  return array;
}

const char* unit_name(Unit unit) {
  return unit == Unit::bytes ? "bytes" : "ns";
}

const char* aim_name(Aim aim) {
  switch (aim) {
    case Aim::none:
      return "none";
    case Aim::ratio:
      return "ratio";
    case Aim::value:
      return "value";
    case Aim::excess:
      return "excess";
  }
  return "";
}

void add_measured(json::Value& object, const Measured& measured) {
  object.set("ours", measured.median_of_ours());
  object.set("oursRounds", numbers(measured.ours));
  if (measured.baseline.empty()) return;
  object.set("baseline", measured.median_of_baseline());
  object.set("baselineRounds", numbers(measured.baseline));
  object.set("ratio", measured.median_of_ours() / measured.median_of_baseline());
}

}  // namespace

json::Value machine_as_json(const std::string& commit) {
  utsname system{};
  ::uname(&system);
  return json::Value::object({{"date", now()},
                              {"commit", commit},
                              {"processor", processor()},
                              {"cores", static_cast<std::int64_t>(::sysconf(_SC_NPROCESSORS_ONLN))},
                              {"kernel", std::string(system.sysname) + " " + system.release},
                              {"compiler", __VERSION__}});
}

json::Value figure_as_json(const Figure& figure, const std::optional<Measured>& measured, const std::string& fault) {
  json::Value object = json::Value::object({{"figure", figure.name}, {"unit", unit_name(figure.unit)}});
  if (!figure.baseline_is.empty()) object.set("baselineIs", figure.baseline_is);
  if (figure.target.aim != Aim::none) {
    object.set("target", json::Value::object({{"of", aim_name(figure.target.aim)}, {"most", figure.target.most}}));
    object.set("met", measured && is_met(figure.target, *measured));
  }
  if (measured)
    add_measured(object, *measured);
  else
    object.set("notMeasured", fault);
  return object;
}

json::Value point_as_json(std::size_t size, const Measured& measured) {
  json::Value object = json::Value::object({{"size", std::uint64_t{size}}});
  add_measured(object, measured);
  return object;
}

json::Value curve_as_json(const Curve& curve, json::Value points) {
  json::Value object =
      json::Value::object({{"curve", curve.name}, {"sizeIs", curve.size_is}, {"unit", unit_name(curve.unit)}});
  if (!curve.baseline_is.empty()) object.set("baselineIs", curve.baseline_is);
  object.set("points", std::move(points));
  return object;
}

}  // namespace cowork::bench
