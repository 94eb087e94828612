namespace Slowlane.Jobs;

/// <summary>A result as a page for people, made of HTML and CSS only.</summary>
/// <remarks>
/// The engine writes the document around the body. Its <c>Content-Security-Policy</c> allows this style and nothing else: no script, no image,
/// no other address. Style attributes are not applied.
/// </remarks>
/// <param name="Title">The title of the document, as plain text.</param>
/// <param name="Style">The style sheet. It must not contain <c>&lt;/style</c>.</param>
/// <param name="WriteBody">Writes the HTML of the body. It must encode all text that comes from data.</param>
public sealed record ResultPage(string Title, string Style, Action<TextWriter> WriteBody);
