#pragma once
/** Names to addresses by c-ares: /etc/hosts and the name servers of /etc/resolv.conf, read again when it changes. All
 * questions are under way at once; one that stays silent costs the others nothing. One thread: the io_context's. */
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

enum class name_state : std::uint8_t {
  found,
  not_found,  ///< a name server says that there is no such name, or no address of this family
  failed,     ///< a name server could not tell (SERVFAIL, REFUSED), or none could be reached
  silent,     ///< none answered in time
};

struct name_answer {
  name_state what = name_state::silent;
  std::vector<ip_address> addresses{};
  std::string said{};  ///< the resolver's own words, for what was not found
};

/** What a lookup asks; tests bring their own. */
class name_source {
 public:
  /** Addresses of one family. `tell` is called once, never before ask() returns, and not at all once this is gone. */
  virtual void ask(const std::string& host, bool v6, std::function<void(const name_answer&)> tell) = 0;
  /** Asks for the root's name servers, a question that no site's owner can break: does our resolver answer it? */
  virtual void ask_root(std::function<void(bool answered)> tell) = 0;
  /** A question about another name than `host` has been answered (found, or no such name) since then. */
  [[nodiscard]] virtual bool answered_another(std::string_view host, mono_t since) const = 0;

 protected:
  ~name_source() = default;
};

class names final : public name_source {
 public:
  explicit names(boost::asio::io_context& io);
  ~names();
  names(const names&) = delete;
  names& operator=(const names&) = delete;

  void ask(const std::string& host, bool v6, std::function<void(const name_answer&)> tell) override;
  void ask_root(std::function<void(bool answered)> tell) override;
  [[nodiscard]] bool answered_another(std::string_view host, mono_t since) const override;

 private:
  struct inside;
  std::shared_ptr<inside> in_;
};

}  // namespace changtong::net
