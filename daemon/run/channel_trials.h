#pragma once
/** Messages by which somebody tries a channel of alerts: what they say, whom they reach, how they ended. They are apart
 * from telling: none is entered, none waits behind another, and a channel that hangs holds up nobody. */
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/core/message.h"
#include "daemon/core/mutex.h"
#include "daemon/host/post.h"
#include "daemon/publish/alerts/channels.h"
#include "daemon/publish/api/own_view.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** `by`: "由命令 … 发出" reads so. Its id is its own: who matches messages by it must not take it for the end, or the
 * repetition, of another. */
[[nodiscard]] message trial_message(const settings& s, const alert_channel& c, wall_t now, const std::string& by);
/** Of `to`, a name among api.people, what the channel needs; of nobody the channel's own. */
[[nodiscard]] result<alerts::receivers> trial_receivers(const alert_channel& c, const std::string& to,
                                                        const settings& s);

class channel_trials {
 public:
  static constexpr milliseconds pause{10'000};     ///< between two of one channel
  static constexpr milliseconds longest{300'000};  ///< a trial that has not ended by then stands in nobody's way

  struct doors {
    std::function<settings()> in_force;
    std::function<host::look_up()> names;
    std::function<wall_t()> wall;
    std::function<mono_t()> mono;
  };
  explicit channel_trials(doors d) : doors_(std::move(d)), office_(std::make_unique<host::post_office>()) {}

  /** Any thread, as last(); never waits. */
  [[nodiscard]] api::trial_start begin(const std::string& channel, const std::string& by);
  [[nodiscard]] std::map<std::string, api::channel_trial> last() const;

 private:
  void answered(const alert_channel& c, std::uint64_t trial, const alerts::channel_answer& how);

  struct trial {
    std::uint64_t number = 0;
    mono_t begun{};
    std::size_t awaited = 0;
    api::channel_trial shown{};
  };
  doors doors_;
  mutable mutex mutex_;
  std::uint64_t begun_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, trial> trials_ GUARDED_BY(mutex_);  ///< by channel: as many as any settings ever had
  std::unique_ptr<host::post_office> office_;               ///< its answers come here: it goes first
};

}  // namespace changtong
