#include "support/https_server.h"

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/search_path.hpp>
#include <sstream>

#include "cowork/base/json_reader.h"

namespace cowork::test {
namespace {

namespace process = boost::process;

json::Value parse_line(const std::string& line) {
  auto document = json::parse(line, "https_server.py", json::request_limits, ErrorCode::internal);
  if (!document) throw std::runtime_error("the server said: " + line);
  return std::move(document->root);
}

std::string text_of(const json::Value& object, std::string_view member) {
  const json::Value* value = object.find(member);
  return value && value->as_string() ? *value->as_string() : std::string();
}

}  // namespace

class HttpsServer::Process {
 public:
  explicit Process(const std::vector<std::string>& arguments)
      : child_(process::exe = process::search_path("python3"), process::args = arguments,
               process::std_in<stdin_, process::std_out> stdout_) {}
  ~Process() {
    stdin_.close();
    stdin_.pipe().close();
    std::error_code ignored;
    child_.terminate(ignored);
    child_.wait(ignored);
  }
  std::string first_line() {
    std::string line;
    std::getline(stdout_, line);
    return line;
  }

 private:
  process::opstream stdin_;
  process::ipstream stdout_;
  process::child child_;
};

HttpsServer::HttpsServer(Scheme scheme) : scheme_(scheme) {
  root_.make_directory("files");
  root_.make_directory("git");
  std::vector<std::string> arguments{"-B", COWORK_HTTPS_SERVER, root_.path(), state_.path()};
  if (scheme == Scheme::http) arguments.emplace_back("--plain");
  process_ = std::make_unique<Process>(arguments);
  const json::Value ready = parse_line(process_->first_line());
  port_ = static_cast<int>(ready.find("port")->as_int64().value());
  ca_file_ = text_of(ready, "ca");
}

HttpsServer::~HttpsServer() = default;

std::string HttpsServer::authority() const {
  return "localhost:" + std::to_string(port_);
}

std::string HttpsServer::url(std::string_view path) const {
  return (scheme_ == Scheme::https ? "https://" : "http://") + authority() + "/" + std::string(path);
}

std::string HttpsServer::url_by_address(std::string_view path) const {
  return (scheme_ == Scheme::https ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) + "/" +
         std::string(path);
}

std::vector<HttpsServer::Seen> HttpsServer::requests() const {
  std::vector<Seen> seen;
  if (!state_.exists("requests.jsonl")) return seen;
  std::istringstream lines(state_.read("requests.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const json::Value request = parse_line(line);
    seen.push_back({text_of(request, "method"), text_of(request, "path"), text_of(request, "authorization")});
  }
  return seen;
}

}  // namespace cowork::test
