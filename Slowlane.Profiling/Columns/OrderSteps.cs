namespace Slowlane.Profiling.Columns;

/// <summary>The steps from each value of a column to the next one, in the order of the rows.</summary>
[Flags]
internal enum OrderSteps : byte
{
    /// <summary>None: fewer than two values.</summary>
    None = 0,

    /// <summary>To an equal value.</summary>
    Same = 1,

    /// <summary>To a greater one.</summary>
    Up = 2,

    /// <summary>To a smaller one.</summary>
    Down = 4,

    /// <summary>Up and down, so that there is no order.</summary>
    Unordered = Up | Down,
}

/// <summary>What steps make of a column. Pure.</summary>
internal static class OrderNames
{
    /// <summary>The name of the order. Null if there is none.</summary>
    public static string? NameOf(OrderSteps steps) => steps switch
    {
        OrderSteps.Same => "constant",
        OrderSteps.Up => "strictly-ascending",
        OrderSteps.Up | OrderSteps.Same => "ascending",
        OrderSteps.Down => "strictly-descending",
        OrderSteps.Down | OrderSteps.Same => "descending",
        _ => null,
    };

    /// <summary>The step to a value, by its comparison with the one before.</summary>
    public static OrderSteps StepOf(int comparison) => comparison == 0 ? OrderSteps.Same : comparison > 0 ? OrderSteps.Up : OrderSteps.Down;
}
