#include "http_state.h"

#include <algorithm>
#include <boost/asio/strand.hpp>

namespace cowork::server {

void HttpPeers::add(std::weak_ptr<HttpPeer> peer) {
  const std::lock_guard lock(mutex_);
  // Those that have gone are swept when the list would grow, so that adding costs nothing on average.
  if (peers_.size() == peers_.capacity()) std::erase_if(peers_, [](const auto& each) { return each.expired(); });
  peers_.push_back(std::move(peer));
}

std::vector<std::shared_ptr<HttpPeer>> HttpPeers::all() {
  std::vector<std::shared_ptr<HttpPeer>> found;
  const std::lock_guard lock(mutex_);
  for (const auto& each : peers_) {
    if (auto peer = each.lock()) found.push_back(std::move(peer));
  }
  return found;
}

std::shared_ptr<void> ConnectionCount::take(const std::shared_ptr<ConnectionCount>& count, std::size_t limit) {
  const std::lock_guard lock(count->mutex_);
  if (count->count_ >= limit) return nullptr;
  ++count->count_;
  return {count.get(), [count](void*) {
            const std::lock_guard inner(count->mutex_);
            if (--count->count_ == 0) count->none_.notify_all();
          }};
}

bool ConnectionCount::wait_for_none(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, most, [this] { return count_ == 0; });
}

std::size_t ConnectionCount::now() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool AnonymousConnections::add(const std::shared_ptr<HttpPeer>& peer, std::size_t most) {
  std::shared_ptr<HttpPeer> longest;  // cut when the mutex is free: that may end it on the spot
  {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= most) {
      const auto waiting = std::find_if(entries_.begin(), entries_.end(), [](const Entry& each) { return each.waits; });
      if (waiting == entries_.end()) return false;
      longest = waiting->peer.lock();
      entries_.erase(waiting);
    }
    entries_.push_back({peer.get(), peer});
  }
  if (longest) longest->cut();
  return true;
}

void AnonymousConnections::waits(const HttpPeer& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = find(peer);
  if (found == entries_.end()) return;
  found->waits = true;
  entries_.splice(entries_.end(), entries_, found);
}

bool AnonymousConnections::answers(const HttpPeer& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = find(peer);
  if (found == entries_.end()) return false;
  found->waits = false;
  return true;
}

bool AnonymousConnections::remove(const HttpPeer& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = find(peer);
  if (found == entries_.end()) return false;
  entries_.erase(found);
  return true;
}

std::list<AnonymousConnections::Entry>::iterator AnonymousConnections::find(const HttpPeer& peer) {
  return std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.key == &peer; });
}

HttpState::HttpState(boost::asio::io_context& io, ServerOptions server_options, std::shared_ptr<Clock> clock,
                     std::string file_token)
    : context(io),
      options(std::move(server_options)),
      sessions(std::move(clock), std::move(file_token)),
      acceptor(boost::asio::make_strand(io)),
      accept_pause(acceptor.get_executor()) {}

}  // namespace cowork::server
