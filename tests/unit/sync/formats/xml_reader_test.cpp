#include "sync/formats/xml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;
using fixture::Table;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Outcome read(const std::string& text, const std::string& records, const std::vector<PathColumn>& columns,
             bool extra = true) {
    XmlReader reader(text, records, columns, "feed.xml");
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    return readAll(reader, names, extra);
}

constexpr const char* kSoap = R"(<?xml version="1.0" encoding="utf-8"?>
<soapenv:Envelope xmlns:soapenv="urn:s"><soapenv:Body><q:list xmlns:q="urn:q">
<gd id="1"><bt>漏水 &amp; 停电</bt><info><area>甘井子</area></info><tag>a</tag><tag>b</tag></gd>
<other/>
<gd id="2"><bt><![CDATA[<b>]]></bt><info/></gd>
</q:list></soapenv:Body></soapenv:Envelope>)";

TEST(XmlReader, TakesChildrenAttributesAndWhatIsBelow) {
    const Outcome out =
        read(kSoap, "Envelope/Body/list/gd", {{"id", "@id"}, {"bt", "bt"}, {"area", "info/area"}, {"tag", "tag"}});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"1", "漏水 & 停电", "甘井子", "a\nb"}, {"2", "<b>", "<null>", "<null>"}}));
    EXPECT_THAT(out.origins, ElementsAre(3, 5));
}

TEST(XmlReader, FindsTheColumnsThatOccur) {
    XmlReader reader(kSoap, "Envelope/Body/list/gd", {}, "feed.xml");
    const auto columns = reader.columns();
    ASSERT_TRUE(columns.ok());
    std::vector<std::string> names;
    for (const auto& column : *columns) names.push_back(column.name);
    EXPECT_THAT(names, ElementsAre("@id", "bt", "info/area", "tag", "info"));
}

TEST(XmlReader, RefusesAValueNobodyExpectsUnlessItMay) {
    EXPECT_THAT(read(kSoap, "Envelope/Body/list/gd", {{"bt", "bt"}}, false).error,
                HasSubstr("a value at \"@id\" that nobody expects"));
}

TEST(XmlReader, TellsNoRecordsFromAnEmptyListAndAFault) {
    EXPECT_EQ(read("<a><list/></a>", "a/list/r", {{"x", "x"}}).error, "");
    EXPECT_THAT(read("<a><fault>no</fault></a>", "a/list/r", {{"x", "x"}}).error,
                HasSubstr("there are no records at \"a/list/r\""));
    EXPECT_THAT(read("<a><list><r><x>1</x></r><r>", "a/list/r", {{"x", "x"}}).error, HasSubstr("not well-formed"));
}

}  // namespace
}  // namespace yimen::sync
