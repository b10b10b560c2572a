#include "collectors/net/descriptor_watch.h"

#include <boost/asio/posix/stream_descriptor.hpp>

namespace changtong::net {

namespace posix = boost::asio::posix;

struct descriptor_watch::watched {
  watched(boost::asio::io_context& io, int fd) : descriptor(io, fd), number(fd) {}
  ~watched() {
    if (descriptor.is_open()) descriptor.release();
  }
  posix::stream_descriptor descriptor;
  int number;
  bool read = false, write = false;
  bool reading = false, writing = false;  ///< a wait is under way
  bool over = false;
};

descriptor_watch::descriptor_watch(boost::asio::io_context& io, when_ready ready) : io_(io), ready_(std::move(ready)) {}

descriptor_watch::~descriptor_watch() {
  for (auto& [fd, one] : all_) one->over = true;
}

void descriptor_watch::want(int fd, bool read, bool write) {
  const auto found = all_.find(fd);
  if (!read && !write) {
    if (found == all_.end()) return;
    found->second->over = true;
    found->second->descriptor.release();
    all_.erase(found);
    return;
  }
  auto& one = found == all_.end() ? all_[fd] : found->second;
  if (!one) one = std::make_shared<watched>(io_, fd);
  one->read = read;
  one->write = write;
  arm(one);
}

void descriptor_watch::arm(const std::shared_ptr<watched>& one) {
  if (one->read && !one->reading) wait(one, false);
  if (one->write && !one->writing) wait(one, true);
}

void descriptor_watch::wait(const std::shared_ptr<watched>& one, bool write) {
  (write ? one->writing : one->reading) = true;
  one->descriptor.async_wait(write ? posix::stream_descriptor::wait_write : posix::stream_descriptor::wait_read,
                             [this, one, write](const boost::system::error_code& error) {
                               (write ? one->writing : one->reading) = false;
                               if (one->over) return;
                               // An error of the wait is told too: whoever reads finds out what it is.
                               if ((write ? one->write : one->read) || error) ready_(one->number, !write, write);
                               if (!one->over && !error) arm(one);
                             });
}

}  // namespace changtong::net
