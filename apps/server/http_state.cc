#include "http_state.h"

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
  if (count->all_->fetch_add(1) >= limit) {
    --*count->all_;
    return nullptr;
  }
  {
    const std::lock_guard lock(count->mutex_);
    ++count->here_;
  }
  return {count.get(), [count](void*) {
            --*count->all_;
            const std::lock_guard lock(count->mutex_);
            if (--count->here_ == 0) count->none_.notify_all();
          }};
}

bool ConnectionCount::wait_for_none(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, most, [this] { return here_ == 0; });
}

HttpState::HttpState(boost::asio::io_context& io, ServerOptions server_options, std::shared_ptr<Clock> clock,
                     std::string file_token, std::shared_ptr<std::atomic<std::size_t>> connections)
    : context(io),
      options(std::move(server_options)),
      sessions(std::move(clock), std::move(file_token)),
      count(std::make_shared<ConnectionCount>(std::move(connections))),
      acceptor(boost::asio::make_strand(io)),
      accept_pause(acceptor.get_executor()) {}

}  // namespace cowork::server
