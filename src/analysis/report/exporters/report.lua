-- Sets the report's exhibits, numbers them, resolves references and keeps text from being read as markup.
-- One filter for the three formats, so that numbers and wording agree in all of them.

local settings, words
local html, typst = FORMAT:match("^html") ~= nil, FORMAT == "typst"
local counts, numbers, sections = { fig = 0, tbl = 0, eq = 0 }, {}, {}
local NBSP = "\u{a0}"

local function kind_of(id) return (id or ""):match("^(%a+)%-.") end

local function register(id)
  local kind = kind_of(id)
  if numbers[id] then error("the label " .. id .. " is used twice") end
  counts[kind] = counts[kind] + 1
  numbers[id] = tostring(counts[kind])
  return numbers[id]
end

local function literal(s)
  return '"' .. s:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\r", ""):gsub("\n", "\\n") .. '"'
end

local function raw(s) return pandoc.RawInline(typst and "typst" or "html", s) end
local function raw_block(s) return pandoc.RawBlock("html", s) end
local function attribute(s) return (s:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;")) end

-- Inline Markdown of a caption, note or source. The leading word keeps "1." or "#" from starting a list or a heading.
local function inlines(markdown)
  local blocks = pandoc.read("x " .. markdown, settings.reader).blocks
  if #blocks ~= 1 or blocks[1].t ~= "Para" then error("not one paragraph: " .. markdown) end
  local content = blocks[1].content
  content:remove(1)
  content:remove(1)
  return content
end

local function captioned(exhibit, id)
  local label = words["caption." .. kind_of(id)] .. NBSP .. numbers[id] .. "."
  local content = pandoc.Inlines({ pandoc.Span({ pandoc.Strong({ pandoc.Str(label) }) },
    pandoc.Attr(html and "" or id, { "exhibit-number" })), pandoc.Space() })
  content:extend(inlines(exhibit.caption))
  return content
end

local function remarks(exhibit)
  local found = pandoc.List()
  if exhibit.note ~= "" then found:insert(inlines(exhibit.note)) end
  if exhibit.source ~= "" then
    local line = pandoc.Inlines({ pandoc.Str(words.source), pandoc.Space() })
    line:extend(inlines(exhibit.source))
    found:insert(line)
  end
  return found
end

-- Typst: one call of a function of report.typ, all in one line of inlines so that no paragraph breaks creep in.
local function typst_exhibit(exhibit, id)
  local line = pandoc.Inlines({ raw("#" .. exhibit.call .. ", id: " .. literal(id) .. ", caption: [") })
  line:extend(inlines(exhibit.caption))
  line:insert(raw("], remarks: ("))
  for _, remark in ipairs(remarks(exhibit)) do
    line:insert(raw("["))
    line:extend(remark)
    line:insert(raw("],"))
  end
  line:insert(raw("))"))
  return pandoc.Blocks({ pandoc.Para(line) })
end

-- HTML: the parts before and after the caption come from Python, the caption and the remarks are pandoc's to write.
local function html_exhibit(exhibit, id)
  local blocks = pandoc.Blocks({ raw_block(exhibit.before), pandoc.Plain(captioned(exhibit, id)), raw_block(exhibit.after) })
  for _, remark in ipairs(remarks(exhibit)) do
    blocks:extend({ raw_block('<p class="remark">'), pandoc.Plain(remark), raw_block("</p>") })
  end
  blocks:insert(raw_block(exhibit["end"]))
  return blocks
end

local function docx_remarks(exhibit)
  local blocks = pandoc.Blocks({})
  for _, remark in ipairs(remarks(exhibit)) do
    blocks:insert(pandoc.Div({ pandoc.Para(remark) }, pandoc.Attr("", {}, { ["custom-style"] = "Exhibit Note" })))
  end
  return blocks
end

-- Group headings and totals are bold in Word, where no style sheet could say so.
local function embolden(rows)
  for _, row in ipairs(rows) do
    if row.classes:includes("group") or row.classes:includes("total") then
      for _, cell in ipairs(row.cells) do
        cell.contents = cell.contents:walk({ Plain = function(p) return pandoc.Plain({ pandoc.Strong(p.content) }) end })
      end
    end
  end
end

-- DOCX: native tables and figures.
local function docx_exhibit(exhibit, id)
  local caption = pandoc.Caption({ pandoc.Plain(captioned(exhibit, id)) })
  local blocks = pandoc.Blocks({})
  if exhibit.table then
    local one = pandoc.read(exhibit.table, "html").blocks[1]
    for i, align in ipairs(exhibit.aligns) do one.colspecs[i] = { "Align" .. align } end
    one.caption = caption
    for _, body in ipairs(one.bodies) do
      embolden(body.head) -- a row of header cells alone, as a group's heading is, counts as the head of its body
      embolden(body.body)
    end
    blocks:insert(one)
  else
    local image = pandoc.Image({ pandoc.Str(exhibit.alt) }, exhibit.image, "", pandoc.Attr("", {}, { width = "100%" }))
    blocks:insert(pandoc.Figure({ pandoc.Plain({ image }) }, caption))
  end
  blocks:extend(docx_remarks(exhibit))
  return blocks
end

local function set_exhibit(div)
  local exhibit = settings.exhibits[div.identifier]
  if not exhibit then error("no table or figure is called " .. div.identifier) end
  register(div.identifier)
  if typst then return typst_exhibit(exhibit, div.identifier) end
  if html then return html_exhibit(exhibit, div.identifier) end
  return docx_exhibit(exhibit, div.identifier)
end

local function number_section(header)
  if header.classes:includes("unnumbered") then return end
  local level = header.level
  sections[level] = (sections[level] or 0) + 1
  for deeper = level + 1, 6 do sections[deeper] = nil end
  local parts = {}
  for i = 1, level do parts[i] = tostring(sections[i] or 0) end
  if kind_of(header.identifier) == "sec" then numbers[header.identifier] = table.concat(parts, ".") end
end

-- TeX that pandoc's Typst writer would spoil: the independence sign overprints, a decimal {,} gets a blank.
local function mended(tex)
  local independent = typst and "⫫" or "\\perp\\perp" -- few of the fonts that readers have know the sign itself
  tex = tex:gsub("\\perp%s*\\!%s*\\!%s*\\?!?%s*\\perp", independent):gsub("\\!", "")
  return (tex:gsub("(%d+){,}(%d+)", "\\text{%1,%2}"))
end

local function formula(math, alt, id)
  local spoken, number = alt or math.text, numbers[id]
  math = pandoc.Math(math.mathtype, mended(math.text))
  if typst then
    local source = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
    local numbering = number and (', numbering: _ => [(' .. number .. ')]') or ""
    return raw("#[#set math.equation(alt: " .. literal(spoken) .. numbering .. ");" .. source .. (number and "#label(" .. literal(id) .. ")" or "") .. "]")
  end
  if not number then return math end
  if html then
    return pandoc.Span({ math, pandoc.Span({ pandoc.Str("(" .. number .. ")") }, pandoc.Attr("", { "equation-number" })) },
      pandoc.Attr(id, { "equation" }))
  end
  math.text = math.text .. "\\qquad (" .. number .. ")"
  return pandoc.Span({ math }, pandoc.Attr(id))
end

local function is_formula(span) return #span.content == 1 and span.content[1].t == "Math" end

local function reference(citation)
  local id = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local kind = kind_of(id)
  if not (kind and words["caption." .. kind]) then return nil end
  if not numbers[id] then error("the text refers to @" .. citation.id .. ", which is not in the report") end
  local word = words[(id ~= citation.id and "caption." or "reference.") .. kind] .. NBSP
  if citation.mode == "SuppressAuthor" then word = "" end
  return pandoc.Link({ pandoc.Str(word .. numbers[id]) }, "#" .. id)
end

local function cited(cite)
  local links = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    local link = reference(citation)
    if not link then return cite.content end
    if i > 1 then links:extend({ pandoc.Str(","), pandoc.Space() }) end
    links:insert(link)
  end
  return links
end

local QUOTES = {
  bg = { DoubleQuote = { "„", "“" }, SingleQuote = { "’", "‘" } },
  en = { DoubleQuote = { "“", "”" }, SingleQuote = { "‘", "’" } },
}

local function quoted(quote)
  local signs = QUOTES[settings.language][quote.quotetype]
  local content = pandoc.Inlines({ pandoc.Str(signs[1]) })
  content:extend(quote.content)
  content:insert(pandoc.Str(signs[2]))
  return content
end

local function refuse_image()
  error("pictures come into the report through display.figure, not through Markdown")
end

-- Typst reads "[1. x]" as a list and "#set" as code wherever it meets them: what is not a plain word is a string.
local function plain_text(str)
  if typst and not str.text:match("^[%a\128-\255]+[,.;:!?]?$") then return raw("#" .. literal(str.text) .. ";") end
end

local function in_language(element, open, close)
  local language = element.attributes.lang
  if not (typst and language) then return nil end
  local content = element.content:clone()
  content:insert(1, open(language))
  content:insert(close)
  return content
end

local function foreign_span(span)
  return in_language(span, function(l) return raw("#text(lang: " .. literal(l) .. ", region: none)[") end, raw("]"))
end

local function foreign_div(div)
  return in_language(div, function(l) return pandoc.RawBlock("typst", "#[#set text(lang: " .. literal(l) .. ", region: none)") end,
    pandoc.RawBlock("typst", "]"))
end

-- A table written in Markdown has no number: it must not move the count of those that do, and must scroll in HTML.
local function markdown_table(one)
  if html then return pandoc.Div({ one }, pandoc.Attr("", { "scroll" }, { tabindex = "0" })) end
  if not typst then return nil end
  local source = pandoc.write(pandoc.Pandoc({ one }), "typst")
  source = source:gsub(", kind: table%s*%)%s*$", ', kind: "plain", supplement: none, numbering: none, outlined: false)')
  return pandoc.RawBlock("typst", source)
end

return {
  { Meta = function(meta)
      local file = assert(io.open(pandoc.utils.stringify(meta.settings), "r"))
      settings = pandoc.json.decode(file:read("a"), false)
      file:close()
      words = settings.words
      meta.settings = nil
      return meta
    end },
  { traverse = "topdown",
    Header = number_section,
    Image = refuse_image,
    Table = function(one)
      if not typst then return markdown_table(one), false end
    end,
    Div = function(div)
      if div.classes:includes("exhibit") then return set_exhibit(div), false end
    end,
    Span = function(span)
      if is_formula(span) and kind_of(span.identifier) == "eq" then register(span.identifier) end
    end },
  { traverse = "topdown",
    Span = function(span)
      if is_formula(span) then return formula(span.content[1], span.attributes.alt, span.identifier), false end
    end,
    Math = function(math) return formula(math) end,
    Cite = cited },
  { Quoted = quoted },
  { Str = plain_text, Span = foreign_span, Div = foreign_div, Table = typst and markdown_table or nil },
}
