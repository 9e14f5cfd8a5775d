#include "plugin/host_services.h"

#include <gmock/gmock.h>

#include "core/log.h"
#include "plugin/seam.h"

namespace yimen::plugin {
namespace {

class Lines : public core::LogSink {
public:
    Lines() { core::setLogSink(this); }
    ~Lines() override { core::setLogSink(nullptr); }
    void write(std::string_view line) override { text += line; }
    std::string text;
};

std::map<std::string, core::Secret> secrets() {
    std::map<std::string, core::Secret> out;
    out["source.password"] = core::Secret("open sesame");
    return out;
}

TEST(HostServices, GivesDeclaredSecretsOnly) {
    const HostServices host("p", {"source.password", "source.token"}, secrets(), nullptr);
    const YimenHost* table = host.table();
    YimenText value{};
    EXPECT_EQ(table->secret(table->context, toPlugin("source.password"), &value), YIMEN_OK);
    EXPECT_EQ(fromPlugin(value), "open sesame");
    EXPECT_EQ(table->secret(table->context, toPlugin("source.token"), &value), YIMEN_NOT_FOUND);
    EXPECT_EQ(value.length, 0U);
    EXPECT_EQ(table->secret(table->context, toPlugin("other"), &value), YIMEN_DENIED);
}

TEST(HostServices, MasksSecretsInTheLog) {
    Lines lines;
    const HostServices host("p", {}, secrets(), nullptr);
    host.table()->log(host.table()->context, YIMEN_LOG_WARN, toPlugin("it is open sesame!"));
    EXPECT_THAT(lines.text, ::testing::HasSubstr("plugin.log plugin=p"));
    EXPECT_THAT(lines.text, ::testing::HasSubstr("it is ***!"));
    EXPECT_THAT(lines.text, ::testing::Not(::testing::HasSubstr("sesame")));
}

TEST(HostServices, SaysWhenToStop) {
    const auto flag = std::make_shared<std::atomic<bool>>(false);
    const HostServices host("p", {}, {}, flag);
    EXPECT_EQ(host.table()->cancelled(host.table()->context), 0);
    flag->store(true);
    EXPECT_EQ(host.table()->cancelled(host.table()->context), 1);
    const HostServices without("p", {}, {}, nullptr);
    EXPECT_EQ(without.table()->cancelled(without.table()->context), 0);
}

}  // namespace
}  // namespace yimen::plugin
