// The server beside a bare Boost.Asio echo server, in one run, with messages of the same sizes: each in a process of
// its own, this one being the client.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "cowork/assembly/standard_host.h"
#include "cowork/server/server.h"
#include "echo_server.h"
#include "load.h"

namespace {

using namespace cowork;
using namespace cowork::bench;
using namespace std::chrono_literals;

constexpr std::size_t packs = 1000;
constexpr std::size_t window = 256;

/// A pack like the builtin ones: four skills, two roles, three commands.
std::string manifest(std::size_t number) {
  const std::string name = "pack-" + std::to_string(number);
  std::string skills, roles, commands;
  for (int i = 0; i < 4; ++i) {
    const std::string id = name + "-skill-" + std::to_string(i);
    skills += (i ? "," : "") + std::string(R"({"id":")") + id + R"(","name":"Skill )" + std::to_string(i) +
              R"(","description":"Looks at what changed since yesterday and says what matters","prompt":"Do {{it}}"})";
    if (i < 3)
      commands += (i ? "," : "") + std::string(R"({"name":"c)") + std::to_string(i) + "-" + name +
                  R"(","description":"Runs the skill","skillId":")" + id + R"("})";
    if (i < 2)
      roles += (i ? "," : "") + std::string(R"({"name":"r)") + std::to_string(i) + "-" + name +
               R"(","displayName":"Role","icon":"r","color":"#336699"})";
  }
  return R"({"name":")" + name +
         R"(","displayName":"Pack","version":"1.2.3","description":"A pack of the benchmark",)" +
         R"("type":"pack","skills":[)" + skills + R"(],"agentRoles":[)" + roles + R"(],"slashCommands":[)" + commands +
         "]}";
}

/// Runs `serve` in a child that dies with us; returns once it has written a byte.
pid_t in_child(const std::function<void(int ready)>& serve) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) std::exit(EXIT_FAILURE);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends[0]);
    serve(ends[1]);
    std::_Exit(EXIT_FAILURE);
  }
  ::close(ends[1]);
  char byte = 0;
  const bool ready = ::read(ends[0], &byte, 1) == 1;
  ::close(ends[0]);
  if (!ready) {
    std::cerr << "a server did not start\n";
    std::exit(EXIT_FAILURE);
  }
  return child;
}

void serve_cowork(const std::string& directory, const std::string& path, int ready) {
  StandardHostOptions options;
  options.home = directory + "/home";
  options.builtin_directory = directory + "/packs";
  options.machine_policy_path.clear();
  options.machine_settings_path.clear();
  auto host = start_standard_host(options);
  if (!host) return;
  server::ServerOptions server_options;
  server_options.socket_path = path;
  if (const char* threads = std::getenv("COWORK_BENCH_IO_THREADS"))
    server_options.io_threads = static_cast<unsigned>(std::atoi(threads));
  auto server = server::Server::start(*host, server_options);
  if (!server) {
    std::cerr << server.error().message() << "\n";
    return;
  }
  if (::write(ready, "", 1) != 1) return;
  server->wait();
}

void stop(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

std::string request(const std::string& method, const std::string& params) {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}\n";
}

double micros(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

/// One line of the table; `good` says whether the ratio is what was aimed at.
void row(const char* figure, double ours, double baseline, const char* unit, const char* target = "",
         bool (*good)(double) = nullptr) {
  const double ratio = ours / baseline;
  const char* verdict = good == nullptr ? "" : good(ratio) ? "  met" : "  MISSED";
  std::printf("%-46s %12.1f %12.1f %-4s %7.2f   %s%s\n", figure, ours, baseline, unit, ratio, target, verdict);
}

struct Figures {
  double rate;
  std::chrono::nanoseconds middle, p99, list;
};

Figures measure(const std::string& path, const std::string& get, const std::string& list) {
  pipelined_rate(path, get, window, 500ms);  // warm
  Figures figures{};
  figures.rate = pipelined_rate(path, get, window, 3s);
  const auto latencies = paced_latencies(path, get, 5000, 5s);
  figures.middle = latencies[latencies.size() / 2];
  figures.p99 = latencies[latencies.size() * 99 / 100];
  if (!list.empty()) figures.list = median_time(path, list, 101);
  return figures;
}

}  // namespace

int main() {
  char pattern[] = "/tmp/cowork-bench-XXXXXX";
  const std::string directory = ::mkdtemp(pattern);
  for (std::size_t i = 0; i < packs; ++i) {
    const std::string pack = directory + "/packs/pack-" + std::to_string(i);
    std::filesystem::create_directories(pack);
    std::ofstream(pack + "/cowork.plugin.json") << manifest(i);
  }
  const std::string get = request("pluginPack:get", R"(["pack-500"])");
  const std::string list = request("pluginPack:list", "[]");
  const std::string path = directory + "/cowork.sock";
  const pid_t cowork_child = in_child([&](int ready) { serve_cowork(directory, path, ready); });
  std::size_t get_bytes = 0, list_bytes = 0;
  {
    Connection connection(path);
    connection.send(get);
    get_bytes = connection.receive(1);
    connection.send(list);
    list_bytes = connection.receive(1);
  }
  const Figures ours = measure(path, get, list);
  stop(cowork_child);

  const std::string echo = directory + "/echo.sock", echo_list = directory + "/echo-list.sock";
  const pid_t echo_child = in_child([&](int ready) { run_echo_server(echo, get_bytes, Writes::gathered, ready); });
  Figures bare = measure(echo, get, {});
  stop(echo_child);
  const pid_t list_child =
      in_child([&](int ready) { run_echo_server(echo_list, list_bytes, Writes::gathered, ready); });
  bare.list = median_time(echo_list, list, 101);
  stop(list_child);
  const std::string echo_each = directory + "/echo-each.sock";
  const pid_t each_child = in_child([&](int ready) { run_echo_server(echo_each, get_bytes, Writes::each, ready); });
  const double each_rate = pipelined_rate(echo_each, get, window, 3s);
  stop(each_child);
  std::filesystem::remove_all(directory);

  std::printf("get: %zu bytes in, %zu out; list of %zu packs: %zu bytes\n\n", get.size(), get_bytes, packs, list_bytes);
  std::printf("%-46s %12s %12s %-4s %7s   %s\n", "FIGURE", "COWORK", "BARE ECHO", "UNIT", "RATIO", "TARGET");
  row("pluginPack:get, pipelined", ours.rate, bare.rate, "1/s", ">= 0.5", [](double ratio) { return ratio >= 0.5; });
  row("the same, echo writing message by message", ours.rate, each_rate, "1/s", ">= 0.5",
      [](double ratio) { return ratio >= 0.5; });
  row("pluginPack:get at 5,000/s, median", micros(ours.middle), micros(bare.middle), "us");
  row("pluginPack:get at 5,000/s, p99", micros(ours.p99), micros(bare.p99), "us", "<= 2",
      [](double ratio) { return ratio <= 2; });
  row("pluginPack:list of 1,000, to the last byte", micros(ours.list), micros(bare.list), "us", "<= 3",
      [](double ratio) { return ratio <= 3; });
  return EXIT_SUCCESS;
}
