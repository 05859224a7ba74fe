#include "connections.h"

#include <future>

namespace cowork::server {

bool Connections::add(LineSocket& socket, const std::shared_ptr<Dispatcher>& dispatcher, std::string entry,
                      std::string actor, std::function<void()> ended) {
  if (!enter()) return false;
  const auto key = std::make_shared<char>();
  const auto connection =
      std::make_shared<LineConnection>(std::move(socket), dispatcher, limits_, [this, key, ended = std::move(ended)] {
        leave(key.get());
        if (ended) ended();
      });
  connection->entry = std::move(entry);
  connection->actor = std::move(actor);
  {
    const std::lock_guard lock(mutex_);
    connections_.emplace(key.get(), connection);
  }
  connection->start();
  return true;
}

bool Connections::enter() noexcept {
  if (count_->fetch_add(1) < limits_.connections) return true;
  count_->fetch_sub(1);
  return false;
}

void Connections::leave(Key key) {
  count_->fetch_sub(1);
  const std::lock_guard lock(mutex_);
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
