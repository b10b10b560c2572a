#include "daemon/run/alert_doors.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace changtong {

host::post_request post_of(const alert_channel& c, const alerts::outgoing& what) {
  host::post_request r;
  r.ca_file = c.ca_file;
  r.proxy = c.proxy;
  if (const auto* web = std::get_if<alerts::http_message>(&what)) {
    r.what =
        host::http_post{.url = web->url, .headers = web->headers, .content_type = web->content_type, .body = web->body};
  } else if (const auto* mail = std::get_if<alerts::mail_message>(&what)) {
    r.what = host::mail_post{.url = c.url,
                             .user = c.user,
                             .password = c.key,
                             .from = mail->from,
                             .to = mail->to,
                             .body = mail->body,
                             .insecure = c.insecure_mail};
  } else {
    r.what = host::syslog_post{.url = c.url, .line = std::get<alerts::syslog_message>(what).line};
  }
  return r;
}

void post_to(host::post_office& office, const alert_channel& c, const alerts::outgoing& what, host::look_up names,
             std::function<void(unsigned status, std::string body)> answered) {
  host::post_request r = post_of(c, what);
  r.names = std::move(names);
  office.send(std::move(r), [answered = std::move(answered)](result<host::post_answer> end) {
    if (end)
      answered(end->status, std::move(end->body));
    else
      answered(0, end.error().text);
  });
}

std::optional<std::uint64_t> free_bytes_beside(const std::string& file) {
  std::error_code failed;
  const auto at = std::filesystem::absolute(file, failed).parent_path();
  const auto space = std::filesystem::space(at, failed);
  if (failed) return std::nullopt;
  return space.available;
}

}  // namespace changtong
