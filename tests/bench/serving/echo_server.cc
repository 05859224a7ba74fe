#include "echo_server.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <cstdlib>
#include <memory>

namespace cowork::bench {
namespace {

using boost::asio::local::stream_protocol;

class EchoSession : public std::enable_shared_from_this<EchoSession> {
 public:
  EchoSession(stream_protocol::socket socket, const std::string& answer, Writes writes)
      : socket_(std::move(socket)), answer_(&answer), writes_(writes) {}

  void read() {
    socket_.async_read_some(boost::asio::buffer(in_),
                            [self = shared_from_this()](boost::system::error_code failed, std::size_t bytes) {
                              if (!failed) self->answer(bytes);
                            });
  }

 private:
  void answer(std::size_t bytes) {
    const auto end = in_.begin() + static_cast<std::ptrdiff_t>(bytes);
    lines_ += static_cast<std::size_t>(std::count(in_.begin(), end, '\n'));
    write();
  }

  void write() {
    if (lines_ == 0) return read();
    const std::size_t now = writes_ == Writes::gathered ? lines_ : 1;
    lines_ -= now;
    out_.clear();
    for (std::size_t i = 0; i < now; ++i) out_ += *answer_;
    boost::asio::async_write(socket_, boost::asio::buffer(out_),
                             [self = shared_from_this()](boost::system::error_code failed, std::size_t) {
                               if (!failed) self->write();
                             });
  }

  stream_protocol::socket socket_;
  const std::string* answer_;
  Writes writes_;
  std::size_t lines_ = 0;  // that were read and not answered
  std::array<char, 65536> in_{};
  std::string out_;
};

void accept(stream_protocol::acceptor& acceptor, const std::string& answer, Writes writes) {
  acceptor.async_accept([&, writes](boost::system::error_code failed, stream_protocol::socket socket) {
    if (!failed) std::make_shared<EchoSession>(std::move(socket), answer, writes)->read();
    accept(acceptor, answer, writes);
  });
}

}  // namespace

void run_echo_server(const std::string& path, std::size_t answer_bytes, Writes writes, int ready) {
  const std::string answer = std::string(answer_bytes - 1, 'x') + "\n";
  boost::asio::io_context context;
  stream_protocol::acceptor acceptor(context, stream_protocol::endpoint(path));
  accept(acceptor, answer, writes);
  if (::write(ready, "", 1) != 1) std::abort();
  context.run();
  std::exit(EXIT_FAILURE);
}

}  // namespace cowork::bench
