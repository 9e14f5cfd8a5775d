#include "http/template.h"
#include "support/repository.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace yimen::http {
namespace {

namespace fs = std::filesystem;

class TemplatesTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("yimen-templates-" + std::to_string(getpid()));
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "i18n");
        write("i18n/zh-CN.json", R"({"title": "登录", "hint": "请<填写>"})");
        write("i18n/en.json", R"({"title": "Sign in", "hint": "fill <in>"})");
        write("head.html", "<html lang=\"{{lang}}\"><title>{{t.title}}</title>");
        write("page.html",
              "{{> head}}<p>{{t.hint}}</p><b title=\"{{name}}\">{{name}}</b>"
              "{{#items}}<i>{{.}}</i>{{/items}}{{#error}}<u>{{error}}</u>{{/error}}");
    }
    void TearDown() override { fs::remove_all(folder_); }
    void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
    std::string page(const core::Json& data, Language language = Language::kZh) {
        const auto templates = Templates::load(folder_.string());
        if (!templates.ok()) return templates.error().describe();
        return (*templates)->render("page", language, data).valueOr("failed");
    }
    std::string refusal() {
        const auto templates = Templates::load(folder_.string());
        return templates.ok() ? "" : templates.error().message;
    }
    fs::path folder_;
};

TEST_F(TemplatesTest, RendersPartialsAndTextsOfTheLanguage) {
    EXPECT_EQ(page({{"name", "王敏"}}),
              "<html lang=\"zh-CN\"><title>登录</title><p>请&lt;填写&gt;</p>"
              "<b title=\"王敏\">王敏</b>");
    EXPECT_NE(page({{"name", "x"}}, Language::kEn).find("<title>Sign in</title>"), std::string::npos);
}

TEST_F(TemplatesTest, EscapesEveryValue) {
    for (const char* attack : {"<script>alert(1)</script>", "\" onload=\"x", "' onload='x", "`x`",
                               "</title><svg/onload=x>", "{{{name}}}", "{{> head}}", "&lt;"}) {
        const std::string html = page({{"name", attack}, {"items", {attack}}, {"error", attack}});
        const std::string tail = html.substr(html.find("<b title=\"") + 10);
        EXPECT_EQ(tail.find("<script"), std::string::npos) << attack;
        EXPECT_EQ(tail.find("<svg"), std::string::npos) << attack;
        EXPECT_EQ(tail.find("\" onload"), std::string::npos) << attack;
        EXPECT_EQ(tail.find("' onload"), std::string::npos) << attack;
        EXPECT_EQ(tail.find('`'), std::string::npos) << attack;
        EXPECT_EQ(tail.find("<html"), std::string::npos) << attack;
    }
    EXPECT_NE(page({{"name", "&lt;"}}).find("&amp;lt;"), std::string::npos);
}

TEST_F(TemplatesTest, CountsAnEmptyTextAsAbsent) {
    EXPECT_EQ(page({{"name", ""}, {"error", ""}}).find("<u>"), std::string::npos);
}

TEST_F(TemplatesTest, LetsNoValueStandInForAText) {
    EXPECT_NE(page({{"name", "x"}, {"t", {{"title", "forged"}}}}).find("<title>登录</title>"), std::string::npos);
}

TEST_F(TemplatesTest, RefusesToSwitchEscapingOff) {
    write("page.html", "a\nb {{{name}}}");
    EXPECT_EQ(refusal(), "page.html:2: escaping cannot be switched off");
    write("page.html", "{{& name}}");
    EXPECT_EQ(refusal(), "page.html:1: escaping cannot be switched off");
    write("page.html", "{{=<% %>=}}");
    EXPECT_EQ(refusal(), "page.html:1: delimiters cannot be changed");
}

TEST_F(TemplatesTest, RefusesAPageWithAnUnknownText) {
    write("page.html", "{{t.nothing}}");
    EXPECT_EQ(refusal(), "page.html:1: no text \"nothing\" in the dictionaries");
}

TEST_F(TemplatesTest, RefusesDictionariesThatDiffer) {
    write("i18n/en.json", R"({"title": "Sign in"})");
    EXPECT_EQ(refusal(), "en.json: lacks the text \"hint\"");
}

TEST_F(TemplatesTest, RefusesBrokenPagesAndLoops) {
    write("page.html", "{{#open}}");
    EXPECT_NE(refusal(), "");
    write("page.html", "{{> page}}");
    EXPECT_EQ(refusal(), "page.html: includes itself");
    write("page.html", "{{> gone}}");
    EXPECT_EQ(refusal(), "gone.html: no such file");
}

TEST_F(TemplatesTest, KnowsItsPages) {
    const auto templates = Templates::load(folder_.string());
    ASSERT_TRUE(templates.ok());
    EXPECT_FALSE((*templates)->render("nothing", Language::kZh, {}).ok());
    EXPECT_EQ((*templates)->text("title", Language::kEn), "Sign in");
    EXPECT_EQ((*templates)->text("none", Language::kEn), "none");
}

TEST(Templates, LoadsThePagesOfThePortal) {
    const auto templates = Templates::load(yimen::test::repository() + "/portal/login");
    ASSERT_TRUE(templates.ok()) << templates.error().describe();
    const auto html =
        (*templates)->render("login", Language::kZh, {{"username", "<x>"}, {"csrf", "t"}, {"wrong", true}});
    ASSERT_TRUE(html.ok());
    EXPECT_NE(html->find("value=\"&lt;x&gt;\""), std::string::npos);
    EXPECT_EQ(html->find("{{"), std::string::npos);
}

}  // namespace
}  // namespace yimen::http
