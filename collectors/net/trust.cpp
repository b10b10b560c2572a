#include "collectors/net/trust.h"

#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <cstdlib>
#include <filesystem>

#include "daemon/core/phrase.h"

namespace changtong::net {
namespace {

namespace ssl = boost::asio::ssl;

/** OpenSSL reads its default store lazily and is silent if there is none: every site would then look badly certified.
 */
bool system_store_exists() {
  const auto place = [](const char* variable, const char* otherwise) {
    const char* given =
        std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets the environment while running
    return std::string(given != nullptr ? given : otherwise);
  };
  std::error_code error;
  if (std::filesystem::exists(place(X509_get_default_cert_file_env(), X509_get_default_cert_file()), error))
    return true;
  const std::filesystem::directory_iterator folder(place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
                                                   error);
  return !error && folder != std::filesystem::directory_iterator{};
}

}  // namespace

result<std::shared_ptr<ssl::context>> trust::context_for(const std::string& ca_file) {
  const auto known = kept_.find(ca_file);
  std::error_code none;
  const auto written =
      std::filesystem::last_write_time(ca_file.empty() ? ::X509_get_default_cert_file() : ca_file.c_str(), none);
  if (known != kept_.end() && (none || known->second.written == written)) return known->second.context;
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  ::SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
  made->set_verify_mode(ssl::verify_peer);
  boost::system::error_code error;
  if (!ca_file.empty()) {
    made->load_verify_file(ca_file, error);
    if (error)
      return said(both("CA 文件 {} 无法读取：{}", "the CA file {} cannot be read: {}", ca_file, error.message()));
  } else {
    if (!system_store_exists())
      return said(
          {"本机没有 CA 证书：请安装 ca-certificates", "this host has no CA certificates: install ca-certificates"});
    made->set_default_verify_paths(error);
    if (error)
      return said(
          both("系统的 CA 证书无法读取：{}", "the system's CA certificates cannot be read: {}", error.message()));
  }
  kept_[ca_file] = {made, written};
  return made;
}

result<x509_store_st*> trust::store_for(const std::string& ca_file) {
  const auto context = context_for(ca_file);
  if (!context) return context.error();
  return ::SSL_CTX_get_cert_store((*context)->native_handle());
}

std::string describe_verification(long error) {
  const char* chinese = "证书校验失败";
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      chinese = "证书已过期";
      break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      chinese = "证书尚未生效";
      break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      chinese = "证书与域名不符";
      break;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      chinese = "证书颁发者不受信任";
      break;
    case X509_V_ERR_CERT_REVOKED:
      chinese = "证书已吊销";
      break;
    default:
      break;
  }
  return fmt::format("{} ({})", chinese, X509_verify_cert_error_string(error));
}

}  // namespace changtong::net
