#include "service/notices/notice.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/digest/sha256.h"
#include "service/notices/notices.sql.h"

namespace hotclock::notices {
namespace {

using Words = std::map<std::string, std::string>;

boost::json::object json_of(const Words& words) {
  boost::json::object object;
  for (const auto& [name, value] : words) object[name] = value;
  return object;
}

boost::json::object json_of(const AlertText& alert) {
  boost::json::object object{{"id", alert.id},
                             {"rule", alert.rule},
                             {"severity", alert.severity},
                             {"state", alert.state},
                             {"labels", json_of(alert.labels)},
                             {"annotations", json_of(alert.annotations)},
                             {"began", to_millis(alert.began)},
                             {"fired", to_millis(alert.fired)}};
  if (alert.resolved) object["resolved"] = to_millis(*alert.resolved);
  return object;
}

// What is missing or of another kind throws; notice_of() catches it, as parse() throws too.
std::string text_at(const boost::json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

Words words_at(const boost::json::object& object, std::string_view name) {
  Words words;
  for (const auto& field : object.at(name).as_object())
    words.emplace(field.key(), field.value().as_string());
  return words;
}

AlertText alert_of(const boost::json::object& object) {
  AlertText alert{.id = text_at(object, "id"),
                  .rule = text_at(object, "rule"),
                  .severity = text_at(object, "severity"),
                  .state = text_at(object, "state"),
                  .labels = words_at(object, "labels"),
                  .annotations = words_at(object, "annotations"),
                  .began = from_millis(object.at("began").as_int64()),
                  .fired = from_millis(object.at("fired").as_int64()),
                  .resolved = {}};
  if (const auto* resolved = object.if_contains("resolved"))
    alert.resolved = from_millis(resolved->as_int64());
  return alert;
}

}  // namespace

std::string to_json(const Notice& notice) {
  boost::json::array alerts;
  for (const AlertText& alert : notice.alerts) alerts.push_back(json_of(alert));
  boost::json::object object{{"alerts", std::move(alerts)}, {"test", notice.test}};
  if (!notice.only_to.empty())
    object["only_to"] = boost::json::array(notice.only_to.begin(), notice.only_to.end());
  return boost::json::serialize(object);
}

Result<Notice> notice_of(std::string_view json) {
  try {
    const boost::json::value parsed = boost::json::parse(json);
    const boost::json::object& object = parsed.as_object();
    Notice notice;
    notice.test = object.at("test").as_bool();
    for (const auto& alert : object.at("alerts").as_array())
      notice.alerts.push_back(alert_of(alert.as_object()));
    if (const auto* recipients = object.if_contains("only_to"))
      for (const auto& one : recipients->as_array()) notice.only_to.emplace_back(one.as_string());
    return notice;
  } catch (const std::exception& e) {
    return Error(Errc::corrupt, std::string("this is no notice: ") + e.what());
  }
}

Result<> enqueue(sql::Transaction& transaction, const Notice& notice, Instant now, Instant due) {
  if (notice.notifier.empty() || notice.alerts.empty())
    return Error(Errc::invalid, "a notice needs a notifier and an alert that it tells of");
  const std::string content = to_json(notice);
  const std::string hash = digest::sha256_hex(content);
  auto put = transaction.post(stmt::notices::enqueue,
                              {notice.notifier, notice.group, content, hash, now, due});
  return put ? Result<>() : std::move(put).error().within("notice");
}

}  // namespace hotclock::notices
