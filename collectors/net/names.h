#pragma once
/** Names to addresses by c-ares: /etc/hosts, then the name servers that were stated or, without any, those of
 * /etc/resolv.conf; both files are read again when they change. All questions are under way at once; one that stays
 * silent costs the others nothing. One thread: the io_context's. */
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/instant.h"
#include "daemon/core/name_server.h"
#include "daemon/core/result.h"

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
  /** Addresses of one family. `tell` is called once, never before ask() returns, and not at all once this or `asker` is
   * gone: then the question is dropped. */
  virtual void ask(const std::string& host, bool v6, const std::weak_ptr<const void>& asker,
                   std::function<void(const name_answer&)> tell) = 0;
  /** Does our resolver answer anything but `host`? Asks for another name that it knew before; if others have failed and
   * it never knew one, it does not; else for the root's name servers, which no site's owner can break. */
  virtual void ask_another(const std::string& host, const std::weak_ptr<const void>& asker,
                           std::function<void(bool answered)> tell) = 0;
  /** A question about another name than `host` has been answered (found, or no such name) since then. */
  [[nodiscard]] virtual bool answered_another(std::string_view host, mono_t since) const = 0;

 protected:
  ~name_source() = default;
};

class names final : public name_source {
 public:
  /** `stated`: asked in turn, whatever /etc/resolv.conf says; empty: the machine's own. */
  explicit names(boost::asio::io_context& io, std::vector<name_server> stated = {});
  ~names();
  names(const names&) = delete;
  names& operator=(const names&) = delete;

  void ask(const std::string& host, bool v6, const std::weak_ptr<const void>& asker,
           std::function<void(const name_answer&)> tell) override;
  void ask_another(const std::string& host, const std::weak_ptr<const void>& asker,
                   std::function<void(bool answered)> tell) override;
  [[nodiscard]] bool answered_another(std::string_view host, mono_t since) const override;

 private:
  struct inside;
  std::shared_ptr<inside> in_;
};

/** Blocks until the addresses of `host` are known, IPv4 first, or why not. An address is its own. A stop ends it within
 * a tenth of a second. Any thread. */
[[nodiscard]] result<std::vector<ip_address>> addresses_of(const std::string& host, std::vector<name_server> servers,
                                                           milliseconds longest, const std::stop_token& stop);

}  // namespace changtong::net
