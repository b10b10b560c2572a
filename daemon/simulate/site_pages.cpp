#include "daemon/simulate/site_pages.h"

#include <fmt/format.h>

#include "daemon/simulate/names.h"

namespace changtong::simulate {
namespace {

constexpr std::string_view cookie = "JSESSIONID=5F3A9C0E71D24B68";

std::string page_of(const district_site& site, std::string_view head) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head>{0}<title>{1}</title></head>\n"
      "<body><h1>{1}</h1><p>这是演示用的网站，{2}是虚构的区县。</p>\n"
      "<ul><li>政务公开</li><li>办事服务</li><li>互动交流</li><li>{2}概况</li></ul></body></html>\n",
      head, site.name, district_name);
}

std::string modern_answer(const district_site& site, bool failing, bool head_only) {
  const std::string page = failing ? "<h1>500 服务器内部错误</h1>\n" : page_of(site, "<meta charset=\"utf-8\">");
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
      failing ? "500 Internal Server Error" : "200 OK", page.size(), head_only ? std::string() : page);
}

/** As servers from before HTTP/1.1 answer: bare line feeds, no reason, no length, the page ends with the connection. */
std::string old_answer(const district_site& site, bool failing, const site_question& question) {
  const auto with_page = [&](unsigned status, const std::string& page) {
    return fmt::format("HTTP/1.0 {}\nContent-type: text/html\n\n{}", status, question.head_only ? std::string() : page);
  };
  if (has_entered(site, question.cookies)) return with_page(200, page_of(site, "<meta charset=utf-8>"));
  if (failing) return with_page(500, "<h1>500 服务器内部错误</h1>\n");
  return fmt::format("HTTP/1.0 302\nSet-Cookie: {}; path=/\nLocation: /xxgk/index.htm\n\n", cookie);
}

/** GB2312, written as bytes because nothing here converts to it: the texts of page_of(), and what a page says whose
 * database is gone. */
namespace gb {
constexpr std::string_view name = "\xd4\xc6\xd4\xf3\xc7\xf8\xd5\xfe\xce\xf1\xb7\xfe\xce\xf1\xcd\xf8";
constexpr std::string_view open = "\xd5\xfe\xce\xf1\xb9\xab\xbf\xaa";
constexpr std::string_view services = "\xb0\xec\xca\xc2\xb7\xfe\xce\xf1";
constexpr std::string_view invented =
    "\xd5\xe2\xca\xc7\xd1\xdd\xca\xbe\xd3\xc3\xb5\xc4\xcd\xf8\xd5\xbe\xa3\xac"
    "\xd4\xc6\xd4\xf3\xc7\xf8\xca\xc7\xd0\xe9\xb9\xb9\xb5\xc4\xc7\xf8\xcf\xd8\xa1\xa3";
constexpr std::string_view no_database = "\xca\xfd\xbe\xdd\xbf\xe2\xc1\xac\xbd\xd3\xca\xa7\xb0\xdc";
}  // namespace gb

std::string gbk_answer(bool failing, bool head_only) {
  const std::string page = fmt::format(
      "<html><head><meta charset=gb2312><title>{0}</title></head>\r\n"
      "<body><h1>{0}</h1><ul><li>{1}</li><li>{2}</li></ul><p>{3}</p></body></html>\r\n",
      gb::name, gb::open, gb::services, failing ? gb::no_database : gb::invented);
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
                     page.size(), head_only ? std::string() : page);
}

}  // namespace

bool has_entered(const district_site& site, std::string_view cookies) {
  return site.manner == site_manner::old && cookies.find(cookie) != std::string_view::npos;
}

std::string site_answer(const district_site& site, bool failing, const site_question& question) {
  switch (site.manner) {
    case site_manner::old:
      return old_answer(site, failing, question);
    case site_manner::gbk:
      return gbk_answer(failing, question.head_only);
    case site_manner::modern:
    case site_manner::silent_domain:
      break;
  }
  return modern_answer(site, failing, question.head_only);
}

std::string_view failure_of(const district_site& site) {
  switch (site.manner) {
    case site_manner::gbk:
      return "状态码 200，页面（GBK）写着“数据库连接失败”";
    case site_manner::silent_domain:
      return "域名服务器从不应答";
    case site_manner::modern:
    case site_manner::old:
      break;
  }
  return "状态码 500";
}

}  // namespace changtong::simulate
