#include "program.h"

#include <algorithm>

namespace cowork::fetch::test {
namespace {

class Recorder final : public TreeWriter {
 public:
  explicit Recorder(Fetched& fetched) : fetched_(&fetched) {}
  Result<void> add_directory(const std::string& path) override {
    fetched_->tree.push_back(path + "/");
    return {};
  }
  Result<void> add_file(const std::string& path, std::string_view bytes, bool executable) override {
    fetched_->tree.push_back(path + (executable ? "*" : ""));
    fetched_->contents[path] = bytes;
    return {};
  }

 private:
  Fetched* fetched_;
};

}  // namespace

loaders::FetchOptions quick_options() {
  loaders::FetchOptions options;
  options.program = COWORK_FETCH_PROGRAM;
  options.limits.total = std::chrono::seconds(60);
  options.limits.stall = std::chrono::seconds(20);
  return options;
}

loaders::FetchOptions options_for(const HttpsServer& server) {
  loaders::FetchOptions options = quick_options();
  options.settings.allow_hosts = {server.authority()};
  options.settings.ca_file = server.ca_file();
  return options;
}

Fetched fetch(const loaders::FetchOptions& options, const FetchRequest& request, const FetchControl& control) {
  TemporaryDirectory scratch;
  Fetched fetched;
  Recorder recorder(fetched);
  FetchControl watched = control;
  if (!watched.progress) {
    watched.progress = [&](const FetchProgress& progress) {
      if (std::find(fetched.phases.begin(), fetched.phases.end(), progress.phase) == fetched.phases.end())
        fetched.phases.push_back(progress.phase);
    };
  }
  auto result = loaders::make_pack_fetcher(options)->fetch(request, scratch.path(), recorder, watched);
  if (result)
    fetched.result = *result;
  else
    fetched.error = result.error();
  return fetched;
}

Fetched fetch_url(const loaders::FetchOptions& options, std::string address, std::string sha256) {
  return fetch(options, {FetchRequest::Kind::url, std::move(address), {}, std::move(sha256)});
}

Fetched fetch_archive(std::string_view bytes, loaders::FetchOptions options) {
  TemporaryDirectory place;
  place.write("pack", bytes);
  Fetched fetched = fetch(options, {FetchRequest::Kind::archive, place.path("pack"), {}, {}});
  // The place has another name each time.
  if (fetched.error) {
    std::string message = fetched.error->message();
    const std::string shown = "\"" + place.path("pack") + "\"";
    if (message.starts_with(shown)) message.replace(0, shown.size(), "ARCHIVE");
    fetched.error = Error(fetched.error->code(), message).with_why(fetched.error->why());
  }
  return fetched;
}

void check_refused(const Fetched& fetched, ErrorCode code, const std::string& message, const std::string& why) {
  if (!fetched.error) FAIL("it was fetched");
  INFO("why: " << fetched.error->why());
  CHECK(fetched.error->message() == message);
  CHECK(to_string(fetched.error->code()) == to_string(code));
  if (!why.empty()) CHECK(fetched.error->why() == why);
  CHECK(fetched.tree.empty());
}

void check_tree(const Fetched& fetched, const std::vector<std::string>& tree) {
  if (fetched.error) FAIL(fetched.error->message() << ": " << fetched.error->why());
  CHECK(fetched.tree == tree);
}

}  // namespace cowork::fetch::test
