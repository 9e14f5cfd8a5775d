-- A CAP message that changes or ends an alert refers to it ("sender,identifier,sent"): the alert is the record. The
-- newest message wins (version: sent), so a Cancel that comes before its Alert stays.
return {
  map = function(row)
    if row.references == nil then return {} end
    local alert = row.references:match("^[^,]*,([^,]+),")
    if alert == nil then return nil, "references name no alert" end
    return { identifier = alert }
  end,
}
