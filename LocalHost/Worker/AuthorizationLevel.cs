namespace Microsoft.Azure.Functions.Worker;

/// <summary>The key an HTTP function demands. <c>User</c> (1) was never implemented by any host.</summary>
public enum AuthorizationLevel
{
    /// <summary>None.</summary>
    Anonymous = 0,

    /// <summary>A key of the function or of the host, or the master key.</summary>
    Function = 2,

    /// <summary>The master key here; on Azure also a system key.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
