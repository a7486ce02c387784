-- Markdown and HTML of a cell as pandoc's elements, without what could run, load or pass for one of our own.
local M = {}

-- What JupyterLab reads; each name costs pandoc time in each cell, so that what is less stands here.
local MARKDOWN = "gfm-alerts-emoji-tex_math_gfm-yaml_metadata_block"
local HTML = "html-auto_identifiers+gfm_auto_identifiers+auto_identifiers"
local STYLES = { color = 1, ["background-color"] = 1, ["font-weight"] = 1, ["font-style"] = 1,
  ["text-align"] = 1, ["text-decoration"] = 1 }
local DOLLAR = utf8.char(0xf0f24) -- stands for a dollar that begins no formula

-- Elements that pandoc's reader does not know, as ones that it knows.
local function known(text)
  text = text:gsub("<([/]?)[dD][eE][tT][aA][iI][lL][sS]%f[%s>/]", '<%1div data-tag="details"')
  text = text:gsub("<([/]?)[sS][uU][mM][mM][aA][rR][yY]%f[%s>/]", '<%1div data-tag="summary"')
  return (text:gsub('</div data%-tag="%a+"', "</div"))
end

-- The fourth argument shuts pandoc in: it reads no file and asks no host, whatever the text names.
local function read(text, format) return pandoc.read(text .. "\n", format, nil, {}) end

function M.html(text) return read(known(text), HTML).blocks end

-- A cell that mixes Markdown and HTML is written as HTML and read back, so that an element may span both.
-- Numbers stand for what HTML does not carry.
local function through_html(doc)
  local kept = {}
  local function mark(el)
    kept[#kept + 1] = el
    return pandoc.Attr("", {}, { { "kept", tostring(#kept) } })
  end
  local function inline(el) return pandoc.Span({ pandoc.Str("·") }, mark(el)) end
  local function block(el) return pandoc.Div({ pandoc.Plain({ pandoc.Str("·") }) }, mark(el)) end
  doc = doc:walk({ Math = inline, Note = inline, Code = inline, CodeBlock = block })
  doc = doc:walk({ Str = function(el) return pandoc.Str((el.text:gsub("%$", DOLLAR))) end })
  local html = pandoc.write(doc, "html-task_lists", { wrap_text = "wrap-preserve" })
  local back = read(known(html), HTML .. "+tex_math_dollars")
  local function restore(el) return kept[tonumber(el.attributes.kept or "")] end
  return back:walk({ Span = restore, Div = restore,
    Str = function(el) return pandoc.Str((el.text:gsub("\\%$", "$"):gsub(DOLLAR, "$"))) end })
end

-- Spans as our own displays write them, <span lang="ru">…</span>, without the long way through HTML.
local function spans(list)
  local out, open = pandoc.Inlines({}), {}
  for _, el in ipairs(list) do
    local text = el.t == "RawInline" and el.text or ""
    local name, value = text:gsub("^<span data%-", "<span "):match('^<span (%a+)="([%a-]+)">$')
    if name == "lang" or name == "tag" then
      open[#open + 1] = { around = out, attr = pandoc.Attr("", {}, { { name, value } }) }
      out = pandoc.Inlines({})
    elseif text == "</span>" and #open > 0 then
      local span = table.remove(open)
      span.around:insert(pandoc.Span(out, span.attr))
      out = span.around
    else out:insert(el) end
  end
  if #open == 0 then return out end -- else one does not end here: HTML may know where
end

function M.markdown(text)
  local doc, mixed = read(text, MARKDOWN), false
  if not text:find("<", 1, true) then return doc.blocks end
  if text:find("<span ", 1, true) then doc = doc:walk({ Inlines = spans }) end
  local function raw(el) if el.format == "html" and not el.text:find("^%s*<!%-%-.*%-%->%s*$") then mixed = true end end
  doc:walk({ RawBlock = raw, RawInline = raw })
  return (mixed and through_html(doc) or doc).blocks
end

local function style(text)
  local out = {}
  for name, value in (text or ""):gmatch("([%a-]+)%s*:%s*([^;]+)") do
    name = name:lower():gsub("^background$", "background-color")
    value = value:gsub("%s*!important", ""):gsub("%s+$", "")
    if STYLES[name] and value:find("^[%w#%%.,() -]+$") and not value:lower():find("url") then
      out[#out + 1] = name .. ": " .. value
    end
  end
  return table.concat(out, "; ")
end

-- Of a stranger's attributes only these stay; in one order, so that the bytes are the same on every run.
local function attributes(attr)
  local out = {}
  local css = style(attr.attributes.style)
  if css ~= "" then out[1] = { "style", css } end
  for _, name in ipairs({ "lang", "dir", "width", "height", "tag" }) do
    local value = attr.attributes[name]
    if value and value:find("^[%w%%.-]+$") then out[#out + 1] = { name, value } end
  end
  return out
end

local function bare(el)
  local class = el.t == "CodeBlock" and (el.classes[1] or "") or el.classes:find_if(function(c) return c:find("^alert") end) and "alert"
  el.attr = pandoc.Attr(el.identifier, class and { class } or {}, attributes(el.attr))
  return el
end

local function container(el)
  bare(el)
  local empty = el.identifier == "" and #el.classes == 0 and #el.attributes == 0
  return empty and el.content or el
end

local function cells(el)
  local function row(r)
    r.attr = pandoc.Attr(r.identifier)
    for _, cell in ipairs(r.cells) do cell.attr = pandoc.Attr("", {}, attributes(cell.attr)) end
  end
  el.attr = pandoc.Attr(el.identifier)
  for _, r in ipairs(el.head.rows) do row(r) end
  for _, body in ipairs(el.bodies) do
    for _, r in ipairs(body.head) do row(r) end
    for _, r in ipairs(body.body) do row(r) end
  end
  for _, r in ipairs(el.foot.rows) do row(r) end
  return el
end

function M.tell(part, text) io.stderr:write("told\t" .. (part.place or "") .. "\t" .. text:gsub("%s+", " ") .. "\n") end

local function allowed(target)
  return target:find("^#") or target:find("^%a[%w+.-]*:") == nil or target:lower():find("^https?://")
    or target:lower():find("^mailto:") or target:lower():find("^ftp://")
end

-- What a part holds, made safe; what of it is lost is told.
function M.safe(blocks, part, job)
  local function tell(text) M.tell(part, text) end
  local function heading(el)
    local words = el.content:walk({ Image = function() return {} end })
    if pandoc.utils.stringify(words):find("%S") then return bare(el) end
    tell("a heading without words; write or drop it")
    return pandoc.Para(el.content)
  end
  local function link(el)
    if allowed(el.target) then return bare(el) end
    tell("a link to " .. el.target:sub(1, 40) .. " leads nowhere; its text is printed")
    return el.content
  end
  local function image(el)
    bare(el)
    if #el.caption == 0 then
      if part.kind ~= "picture" then tell("a picture without a description: " .. el.src:sub(1, 60)) end
      el.caption = { pandoc.Str(job.words["no-description"]) }
    end
    io.stderr:write("picture\t" .. part.place .. "\t" .. el.src .. "\n")
    return el
  end
  local function raw(el)
    if el.format == "html" then return {} end
    return el.t == "RawBlock" and pandoc.CodeBlock(el.text) or pandoc.Code(el.text)
  end
  local function note(el)
    local name = el.text:match("%[%^[^%]]+%]")
    if name then tell("footnote " .. name .. " has no text in its cell; write one") end
  end
  if part.kind == "markdown" and part.text:find("[^", 1, true) then blocks:walk({ Str = note }) end
  local tagged = part.text and part.text:find("<", 1, true)
  if tagged then blocks = blocks:walk({ RawBlock = raw, RawInline = raw }) end
  return blocks:walk({ Header = heading, Link = link, Image = image, Code = bare, CodeBlock = bare,
      Table = tagged and cells or nil, Div = container, Span = container })
end

return M
