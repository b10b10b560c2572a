#pragma once
/** Descriptors of libraries that bring no loop of their own (libcurl, c-ares), watched on an io_context. They are never
 * closed here. One thread: the io_context's. */
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <unordered_map>

namespace changtong::net {

class descriptor_watch {
 public:
  /** Called for each direction apart; may call want(). */
  using when_ready = std::function<void(int fd, bool readable, bool writable)>;

  descriptor_watch(boost::asio::io_context& io, when_ready ready);
  ~descriptor_watch();
  descriptor_watch(const descriptor_watch&) = delete;
  descriptor_watch& operator=(const descriptor_watch&) = delete;

  /** From now on `fd` is watched so; neither: it is forgotten, and must be before it is closed. */
  void want(int fd, bool read, bool write);

 private:
  struct watched;
  void arm(const std::shared_ptr<watched>& one);
  void wait(const std::shared_ptr<watched>& one, bool write);

  boost::asio::io_context& io_;
  when_ready ready_;
  std::unordered_map<int, std::shared_ptr<watched>> all_;
};

}  // namespace changtong::net
