-- The portal shows the directory and hands out tickets; it carries no video. A player asks the platform's media servers
-- itself, with the ticket of the preview call. What is media by its address is not even asked for.
local MEDIA_SUFFIX = {flv = true, m3u8 = true, mp4 = true, mpd = true, ps = true, ts = true}

local DENY = {deny = {
    status = 451,
    zh = "视频流不经过门户，请在平台客户端或播放器中用预览地址观看。",
    en = "Video is not carried by the portal: watch it in the platform's player, with the preview address.",
}}

local function is_media(content_type)
    local kind = content_type:match("^%s*([%w.+/-]+)")
    if not kind then return false end
    kind = kind:lower()
    return kind:sub(1, 6) == "video/" or kind:sub(1, 6) == "audio/" or kind == "application/vnd.apple.mpegurl"
        or kind == "application/x-mpegurl" or kind == "application/dash+xml"
end

return {
    on_request = function(request)
        local suffix = request.path:match("%.(%w+)$")
        if suffix and MEDIA_SUFFIX[suffix:lower()] then return DENY end
    end,
    on_response = function(response)
        local content_type = response.fields["content-type"]
        if content_type and is_media(content_type) then return DENY end
    end,
}
