#pragma once
/** What libcurl hands out, with its end. */
#include <curl/curl.h>

#include <memory>
#include <new>
#include <string>

namespace changtong::host {

struct curl_multi_end {  // to the compiler, both handles are void*
  void operator()(CURLM* multi) const { ::curl_multi_cleanup(multi); }
};
struct curl_end {
  void operator()(CURL* easy) const { ::curl_easy_cleanup(easy); }
  void operator()(curl_slist* l) const { ::curl_slist_free_all(l); }
};
using curl_list = std::unique_ptr<curl_slist, curl_end>;

inline void append(curl_list& to, const std::string& text) {
  curl_slist* longer = ::curl_slist_append(to.get(), text.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  if (to.get() != longer) static_cast<void>(to.release()), to.reset(longer);  // the same list, unless it was empty
}

/** What a transfer has to say; `what` and T belong together (curl_easy_getinfo(3)). */
template <class T>
[[nodiscard]] T told(CURL* easy, CURLINFO what) {
  T value{};
  ::curl_easy_getinfo(easy, what, &value);
  return value;
}

}  // namespace changtong::host
