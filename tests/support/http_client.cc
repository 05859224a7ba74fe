#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace cowork::test {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void add_field(std::string& text, const HttpClient::Fields& fields, std::string_view name, std::string_view value) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.first == name; });
  if (found == fields.end()) text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string HttpAnswer::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

unsigned WebSocketFrame::close_code() const {
  if (opcode != 8 || payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) * 256u + static_cast<unsigned char>(payload[1]);
}

HttpClient::HttpClient(unsigned port, Milliseconds patience, int receive_buffer) : port_(port), patience_(patience) {
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close();
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

HttpClient::~HttpClient() {
  close();
}

void HttpClient::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void HttpClient::abort() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void HttpClient::end_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

void HttpClient::send_request(std::string_view method, std::string_view target, Fields fields, std::string_view body) {
  std::string text = std::string(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  add_field(text, fields, "Host", "127.0.0.1:" + std::to_string(port_));
  if (!body.empty()) add_field(text, fields, "Content-Length", std::to_string(body.size()));
  for (const auto& [name, value] : fields) {
    if (!value.empty()) text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append("\r\n").append(body);
  send(text);  // a server that has refused already says so in its answer
}

HttpAnswer HttpClient::request(std::string_view method, std::string_view target, Fields fields, std::string_view body) {
  send_request(method, target, std::move(fields), body);
  return answer(method == "HEAD");
}

HttpAnswer HttpClient::answer(bool to_head) {
  HttpAnswer answer;
  const std::string first = take_line();
  if (!first.starts_with("HTTP/1.1 ")) throw std::runtime_error("no status line: " + first);
  answer.status = std::stoi(first.substr(9, 3));
  for (std::string line = take_line(); !line.empty(); line = take_line()) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("no header field: " + line);
    const std::string name = lower(line.substr(0, colon));
    if (!answer.fields.emplace(name, line.substr(colon + 2)).second) throw std::runtime_error("twice: " + name);
  }
  const std::string length = answer.field("content-length");
  if (!to_head && !length.empty()) answer.body = take(std::stoul(length));
  return answer;
}

bool HttpClient::send(std::string_view bytes) {
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      pollfd waiting{descriptor_, POLLOUT, 0};
      ::poll(&waiting, 1, 50);
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nothing is taken");
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool HttpClient::fill() {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience_.count())) <= 0) throw std::runtime_error("nothing comes");
  std::array<char, 65536> bytes;
  const ssize_t got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

bool HttpClient::at_end() {
  return buffer_.empty() && !fill();
}

bool HttpClient::has_ended() {
  pollfd now{descriptor_, POLLIN, 0};
  return ::poll(&now, 1, 0) == 1 && at_end();
}

std::string HttpClient::take(std::size_t bytes) {
  while (buffer_.size() < bytes) {
    if (!fill()) throw std::runtime_error("the connection has ended after: " + buffer_.substr(0, 200));
  }
  std::string taken = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return taken;
}

std::string HttpClient::take_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error("the connection has ended after: " + buffer_.substr(0, 200));
  }
  std::string line = take(end + 2);
  line.resize(end);
  return line;
}

void HttpClient::send_frame(unsigned opcode, std::string_view payload) {
  std::string text(1, static_cast<char>(0x80u | opcode));
  if (payload.size() < 126) {
    text.push_back(static_cast<char>(0x80u | payload.size()));
  } else {
    text.push_back(static_cast<char>(0x80u | 126u));
    text.push_back(static_cast<char>(payload.size() >> 8 & 0xff));
    text.push_back(static_cast<char>(payload.size() & 0xff));
  }
  text.append(4, '\0');  // the mask: it must be there, its value is the client's choice
  send(text.append(payload));
}

WebSocketFrame HttpClient::frame() {
  const std::string head = take(2);
  WebSocketFrame frame{static_cast<unsigned char>(head[0]) & 0x0fu, {}};
  std::size_t size = static_cast<unsigned char>(head[1]) & 0x7fu;
  if (size >= 126) {
    const std::string longer = take(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : longer) size = size << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = take(size);
  return frame;
}

std::string HttpClient::message() {
  for (;;) {
    WebSocketFrame next = frame();
    if (next.opcode == 1) return next.payload;
    if (next.opcode == 8) throw std::runtime_error("closed with " + std::to_string(next.close_code()));
    if (next.opcode == 9) send_frame(10, next.payload);
  }
}

}  // namespace cowork::test
