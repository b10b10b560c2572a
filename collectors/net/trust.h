#pragma once
/** Whom TLS connections believe: the system's CA store, or a CA file of the site's own. One thread at a time. */
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "daemon/core/result.h"

namespace boost::asio::ssl {
class context;
}
struct x509_store_st;

namespace changtong::net {

class trust {
 public:
  /** A client context, TLS 1.2 and up, that verifies peers against `ca_file`, or the system's store if that is empty.
   * Kept once it could be made, until the file changes. A problem is ours (no such file, no system store), never the
   * site's. */
  [[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> context_for(const std::string& ca_file);

  /** The certificates alone, as long as this lives. */
  [[nodiscard]] result<x509_store_st*> store_for(const std::string& ca_file);

 private:
  struct kept {
    std::shared_ptr<boost::asio::ssl::context> context;
    std::filesystem::file_time_type written;  ///< of the file
  };
  std::map<std::string, kept> kept_;
};

/** Verification errors (X509_V_ERR_…) as a sentence. */
[[nodiscard]] std::string describe_verification(long error);

}  // namespace changtong::net
