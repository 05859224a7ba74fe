#include "connections.h"

#include <future>

namespace cowork::server {
namespace {

/// That are told so at once; each costs a descriptor for a moment.
constexpr std::size_t most_refused = 64;

}  // namespace

bool Connections::add(LineSocket& socket, const std::shared_ptr<Dispatcher>& dispatcher, std::string entry,
                      std::string actor, std::function<void()> ended) {
  const auto connection = make(socket, dispatcher, count_, limits_.connections, std::move(ended));
  if (!connection) return false;
  connection->entry = std::move(entry);
  connection->actor = std::move(actor);
  connection->start();
  return true;
}

void Connections::refuse(LineSocket& socket, std::string line) {
  if (const auto connection = make(socket, nullptr, refused_, most_refused, {})) connection->refuse(std::move(line));
}

std::shared_ptr<LineConnection> Connections::make(LineSocket& socket, const std::shared_ptr<Dispatcher>& dispatcher,
                                                  std::size_t& count, std::size_t most, std::function<void()> ended) {
  const auto key = std::make_shared<char>();
  const std::lock_guard lock(mutex_);
  if (count >= most || *stopping_) return nullptr;
  auto connection = std::make_shared<LineConnection>(std::move(socket), dispatcher, limits_, stopping_,
                                                     [this, key, &count, ended = std::move(ended)] {
                                                       leave(key.get(), count);
                                                       if (ended) ended();
                                                     });
  connections_.emplace(key.get(), connection);
  ++count;
  return connection;
}

void Connections::leave(Key key, std::size_t& count) {
  const std::lock_guard lock(mutex_);
  --count;
  connections_.erase(key);
  fewer_.notify_all();
}

std::vector<std::shared_ptr<LineConnection>> Connections::all() {
  std::vector<std::shared_ptr<LineConnection>> found;
  const std::lock_guard lock(mutex_);
  found.reserve(connections_.size());
  for (const auto& [key, connection] : connections_)
    if (auto alive = connection.lock()) found.push_back(std::move(alive));
  return found;
}

void Connections::publish(const std::shared_ptr<const std::string>& text, std::string_view type) {
  for (const auto& connection : all()) connection->publish(text, type);
}

void Connections::stop_reading(std::chrono::steady_clock::time_point deadline) {
  // Shared: a connection whose strand is busy lets go after the deadline.
  const auto all_stopped = std::make_shared<std::promise<void>>();
  {
    const std::shared_ptr<void> done(nullptr, [all_stopped](void*) { all_stopped->set_value(); });
    for (const auto& connection : all()) connection->stop_reading(done);
  }
  all_stopped->get_future().wait_until(deadline);
}

void Connections::finish(std::chrono::steady_clock::time_point deadline) {
  for (const auto& connection : all()) connection->finish();
  std::unique_lock lock(mutex_);
  if (fewer_.wait_until(lock, deadline, [this] { return connections_.empty(); })) return;
  lock.unlock();
  close();
}

void Connections::close() {
  for (const auto& connection : all()) connection->close();
}

}  // namespace cowork::server
